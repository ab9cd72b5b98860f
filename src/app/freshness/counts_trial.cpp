#include "app/freshness/counts_trial.hpp"

#include "sync/evidence/verification.hpp"
#include "sync/recheck/counts_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::app::freshness {

namespace {

using sync::recheck::counted_lists;

std::int64_t misplaced_in(const sync::page& page, int status) {
  return std::ranges::count_if(
      page.orders, [&](const core::order& order) { return order.order_status && *order.order_status != status; });
}

// The sum over the statuses; adds what the lists show.
count_questions::answer<std::int64_t> sum_of(count_questions& ask, const trial_rules& how, core::window window,
                                             std::vector<int> statuses, counted_lists& counted) {
  std::int64_t sum = 0;
  for (const int status : statuses) {
    const auto page = co_await ask.read(window, status, 1, how.page_size);
    if (page.has_error()) co_return page.error();
    sum += page->total;
    counted.listed += static_cast<std::int64_t>(page->orders.size());
    counted.misplaced += misplaced_in(*page, status);
  }
  co_return sum;
}

count_questions::answer<counted_lists> count_lists(count_questions& ask, const trial_rules& how, core::window window) {
  counted_lists counted;
  std::vector<int> ascending = how.statuses;
  std::vector<int> descending(how.statuses.rbegin(), how.statuses.rend());
  const auto before = co_await ask.count(window, std::nullopt);
  if (before.has_error()) co_return before.error();
  const auto up = co_await sum_of(ask, how, window, std::move(ascending), counted);
  if (up.has_error()) co_return up.error();
  const auto down = co_await sum_of(ask, how, window, std::move(descending), counted);
  if (down.has_error()) co_return down.error();
  const auto after = co_await ask.count(window, std::nullopt);
  if (after.has_error()) co_return after.error();
  counted.least = std::min(*before, *after);
  counted.most = std::max(*before, *after);
  counted.first_to_last = *up;
  counted.last_to_first = *down;
  if (how.by_status) counted.least = counted.most = std::min(*up, *down);
  co_return counted;
}

// One try that finds nothing is enough; after one that does, two of three decide.
count_questions::answer<std::string> contradiction_in(count_questions& ask, const trial_rules& how, core::window window,
                                                      bool& has_orders) {
  int against = 0;
  for (int sound = 0; sound < 2;) {
    const auto counted = co_await count_lists(ask, how, window);
    if (counted.has_error()) co_return counted.error();
    has_orders = has_orders || counted->most > 0;
    const auto wrong = contradiction_of(*counted);
    if (wrong.empty() && against == 0) break;
    if (wrong.empty())
      ++sound;
    else if (++against == 2)
      co_return fmt::format("{} in {}", wrong, core::to_text(window));
  }
  co_return std::string{};
}

}  // namespace

namespace {

// The newer part of the window that is counted in full.
count_questions::answer<core::window> countable(count_questions& ask, core::window window,
                                                std::optional<std::int64_t> most) {
  while (most && window.length() > std::chrono::minutes{1}) {
    const auto total = co_await ask.count(window, std::nullopt);
    if (total.has_error()) co_return total.error();
    if (*total < *most) break;
    window.begin = sync::evidence::middle_of(window);
  }
  co_return window;
}

}  // namespace

count_questions::answer<trial_finding> try_counts(count_questions& ask, trial_rules how) {
  trial_finding finding;
  for (const auto& window : how.windows) {
    const auto counted = co_await countable(ask, window, how.most_counted);
    if (counted.has_error()) co_return counted.error();
    auto reason = co_await contradiction_in(ask, how, *counted, finding.tried);
    if (reason.has_error()) co_return reason.error();
    if (reason->empty()) continue;
    finding.reason = std::move(*reason);
    co_return finding;
  }
  co_return finding;
}

}  // namespace ordersync::app::freshness
