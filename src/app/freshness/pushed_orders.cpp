#include "app/freshness/pushed_orders.hpp"

#include <algorithm>
#include <array>

namespace ordersync::app::freshness {
namespace {

using namespace std::chrono_literals;

// Duplicates arrive together, and so do messages about one step of an order.
constexpr std::chrono::milliseconds gathered_for = 100ms;
constexpr std::chrono::milliseconds between_reads = 2s;
constexpr std::array<std::chrono::seconds, 3> retries{2s, 10s, 60s};
constexpr std::chrono::seconds after_failure = 5s;
constexpr std::chrono::seconds longest_rest = 10min;
constexpr int most_failures = 6;

std::string key_of(const store::push::order_numbers& about) {
  return about.order_id.empty() ? "no " + about.order_no : "id " + about.order_id;
}

}  // namespace

std::size_t pushed_orders::room() const noexcept {
  return orders_.size() >= most_orders ? 0 : most_messages - std::min(messages_, most_messages);
}

void pushed_orders::add(const store::push::taken_message& message, time_point now) {
  auto [at, fresh] = orders_.try_emplace(key_of(message.about));
  auto& one = at->second;
  if (one.about.order_no.empty()) one.about.order_no = message.about.order_no;
  one.about.order_id = message.about.order_id;
  const bool waits = one.messages.size() > (one.in_progress ? one.answered : 0);
  one.messages.push_back(message.id);
  ++messages_;
  const auto earliest = std::max(now + gathered_for, fresh ? time_point{} : one.read_at + between_reads);
  // A message about an order that was not shown says that there is something to see by now; one whose read failed
  // rests.
  if (!waits)
    one.due = earliest;
  else if (one.attempts > 0 && one.failures == 0)
    one.due = std::min(one.due, earliest);
  one.attempts = 0;
}

std::vector<pushed_orders::due_order> pushed_orders::take(time_point now, std::size_t most) {
  forget_idle(now);
  std::vector<std::pair<time_point, const std::string*>> due;
  for (const auto& [key, one] : orders_)
    if (!one.in_progress && !one.messages.empty() && one.due <= now) due.emplace_back(one.due, &key);
  std::ranges::sort(due);
  if (due.size() > most) due.resize(most);
  std::vector<due_order> taken;
  for (const auto& [when, key] : due) {
    auto& one = orders_.at(*key);
    one.in_progress = true;
    one.answered = one.messages.size();
    one.read_at = now;
    taken.push_back({*key, one.about});
  }
  return taken;
}

std::vector<std::int64_t> pushed_orders::found(const std::string& key) {
  return conclude(orders_.at(key));
}

std::vector<std::int64_t> pushed_orders::not_shown(const std::string& key, time_point now) {
  auto& one = orders_.at(key);
  const bool more = one.messages.size() > one.answered;
  if (more || one.attempts < retries.size()) {
    one.due = more ? one.read_at + between_reads : now + retries.at(one.attempts);
    if (!more) ++one.attempts;
    one.failures = one.outdated = 0;
    one.in_progress = false;
    return {};
  }
  return conclude(one);
}

std::vector<std::int64_t> pushed_orders::failed(const std::string& key, time_point now) {
  auto& one = orders_.at(key);
  if (++one.failures >= most_failures) return conclude(one);
  put_back(key, after(now, after_failure, one.failures - 1));
  return {};
}

void pushed_orders::outdated(const std::string& key, time_point now) {
  auto& one = orders_.at(key);
  put_back(key, after(now, std::chrono::duration_cast<std::chrono::seconds>(between_reads), one.outdated));
  ++one.outdated;
}

void pushed_orders::put_back(const std::string& key, time_point not_before) {
  auto& one = orders_.at(key);
  one.due = not_before;
  one.in_progress = false;
}

pushed_orders::time_point pushed_orders::after(time_point now, std::chrono::seconds first, int doublings) {
  constexpr int most_doublings = 10;
  return now + std::min(first * (1 << std::min(doublings, most_doublings)), longest_rest);
}

std::vector<std::int64_t> pushed_orders::messages() const {
  std::vector<std::int64_t> all;
  all.reserve(messages_);
  for (const auto& [key, one] : orders_) all.insert(all.end(), one.messages.begin(), one.messages.end());
  return all;
}

std::vector<std::int64_t> pushed_orders::conclude(entry& of) {
  const auto end = of.messages.begin() + static_cast<std::ptrdiff_t>(of.answered);
  std::vector<std::int64_t> answered(of.messages.begin(), end);
  of.messages.erase(of.messages.begin(), end);
  messages_ -= answered.size();
  of.due = of.read_at + between_reads;
  of.attempts = 0;
  of.failures = of.outdated = 0;
  of.in_progress = false;
  return answered;
}

// One that was just read is kept for the time of that read.
void pushed_orders::forget_idle(time_point now) {
  std::erase_if(orders_, [&](const auto& each) {
    const auto& one = each.second;
    return !one.in_progress && one.messages.empty() && one.read_at + between_reads <= now;
  });
}

std::optional<pushed_orders::time_point> pushed_orders::next() const noexcept {
  std::optional<time_point> next;
  for (const auto& [key, one] : orders_)
    if (!one.in_progress && !one.messages.empty()) next = std::min(next.value_or(one.due), one.due);
  return next;
}

}  // namespace ordersync::app::freshness
