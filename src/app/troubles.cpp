#include "app/troubles.hpp"

#include <algorithm>

namespace ordersync::app {
namespace {

// A cut in the middle of a character would be no UTF-8, which JSON has to be.
std::string shortened(std::string_view text) {
  if (text.size() <= troubles::longest_field) return std::string{text};
  auto end = troubles::longest_field;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string{text.substr(0, end)} + "...";
}

std::string_view field(const trouble& of, std::string_view name) {
  const auto found = std::ranges::find(of.fields, name, [](const auto& f) { return std::string_view{f.first}; });
  return found == of.fields.end() ? std::string_view{} : std::string_view{found->second};
}

bool alike(const trouble& a, const trouble& b) {
  return a.event == b.event && a.level == b.level && field(a, "account") == field(b, "account") &&
         field(a, "failure") == field(b, "failure");
}

}  // namespace

void troubles::add(core::instant at, core::severity level, std::string_view event,
                   std::initializer_list<core::log_field> fields) {
  if (level < core::severity::warning) return;
  trouble fresh{.event = std::string{event}, .level = level, .first_at = at, .last_at = at, .count = 1};
  for (const auto& f : fields) fresh.fields.emplace_back(f.name, shortened(f.value));
  const std::lock_guard lock{mutex_};
  const auto known = std::ranges::find_if(list_, [&](const trouble& t) { return alike(t, fresh); });
  if (known != list_.end()) {
    fresh.first_at = known->first_at;
    fresh.count = known->count + 1;
    list_.erase(known);
  }
  list_.push_front(std::move(fresh));
  if (list_.size() > most) list_.pop_back();
}

std::vector<trouble> troubles::latest() const {
  const std::lock_guard lock{mutex_};
  return {list_.begin(), list_.end()};
}

}  // namespace ordersync::app
