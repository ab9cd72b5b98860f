#include "app/telemetry/recent_problems.hpp"

#include "core/printable.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::telemetry {
namespace {

std::string shortened(std::string text) {
  if (text.size() <= recent_problems::longest_field) return text;
  return std::string{core::truncated(text, recent_problems::longest_field)} + "...";
}

store::reports::logged_problem read(std::initializer_list<core::log_field> fields) {
  store::reports::logged_problem result;
  for (const auto& field : fields) {
    if (field.value.empty()) continue;
    auto value = shortened(core::printable(field.value));
    if (field.name == "account") result.account = value;
    if (field.name == "failure") result.failure = value;
    result.fields.emplace_back(field.name, std::move(value));
  }
  return result;
}

bool same_kind(const store::reports::logged_problem& a, const store::reports::logged_problem& b) {
  return a.event == b.event && a.account == b.account && a.failure == b.failure;
}

}  // namespace

void recent_problems::event(core::severity level, std::string_view event,
                            std::initializer_list<core::log_field> fields) noexcept {
  if (level < core::severity::warning) return;
  auto fresh = read(fields);
  fresh.instance = instance_;
  fresh.event = event;
  fresh.level = level;
  fresh.first_at = fresh.last_at = now_();
  fresh.count = 1;
  const std::lock_guard lock{mutex_};
  const auto known = std::ranges::find_if(list_, [&](const entry& e) { return same_kind(e.what, fresh); });
  if (known != list_.end()) {
    fresh.first_at = known->what.first_at;
    fresh.count = known->what.count + 1;
    list_.erase(known);
  }
  list_.push_front({std::move(fresh), ++total_});
  if (list_.size() > most) list_.pop_back();
}

std::uint64_t recent_problems::total() const {
  const std::lock_guard lock{mutex_};
  return total_;
}

std::vector<store::reports::logged_problem> recent_problems::since(std::uint64_t total) const {
  const std::lock_guard lock{mutex_};
  std::vector<store::reports::logged_problem> result;
  for (const auto& one : list_) {
    if (one.number <= total) break;
    result.push_back(one.what);
  }
  return result;
}

}  // namespace ordersync::app::telemetry
