#include "app/tasks/verifying.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/scope.hpp"
#include "app/tasks/api_trials.hpp"
#include "app/tasks/count_correction.hpp"
#include "app/tasks/order_comparison.hpp"
#include "app/tasks/sweeping.hpp"
#include "sync/evidence/verification.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours longest_window{24};
// Parts of windows that differ are not cut below this; so few orders are read rather than counted again.
constexpr std::chrono::hours shortest_window{1};
constexpr std::int64_t few_orders = 250;
// How far an end of a window moves to a moment without orders.
constexpr std::chrono::minutes reach{30};
// The statuses of the vendor's documentation.
constexpr int last_status = 8;

// The statuses to ask for, the mirror's most frequent first.
std::vector<std::pair<int, store::maintenance::plausible_count>> statuses_by_count(
    const store::maintenance::mirror_counts& mirror) {
  auto counts = mirror.by_status;
  for (int status = 1; status <= last_status; ++status) counts.try_emplace(status);
  std::vector<std::pair<int, store::maintenance::plausible_count>> list;
  for (auto [status, count] : counts) {
    count.most += mirror.without_status;
    list.emplace_back(static_cast<int>(status), count);
  }
  std::ranges::stable_sort(list, std::ranges::greater{}, [](const auto& one) { return one.second.most; });
  return list;
}

std::vector<sync::evidence::creation> creations(const std::vector<store::maintenance::held_order>& orders) {
  std::vector<sync::evidence::creation> list;
  for (const auto& order : orders) {
    const auto created = order.created_at ? order.created_at : order.tb_created_at;
    if (!created) continue;
    const auto other = order.tb_created_at.value_or(*created);
    list.push_back({std::min(*created, other), std::max(*created, other)});
  }
  return list;
}

}  // namespace

struct verifying::account_run {
  account_verification result;
  api_client* api = nullptr;
  core::second limit{};  // nothing is compared beyond: what is younger may not be settled
  int page_size = 50;
  std::chrono::seconds longest = longest_window;  // that the API answers in full
  std::vector<int> statuses{};  // to ask for one by one, where lists without a status leave orders out
  bool fix = false;
  verify_progress progress;
  verify_listener listener;

  void report() {
    progress.calls = api->calls();
    progress.differences = static_cast<std::int64_t>(result.differences.size());
    listener(result.account, progress);
  }
};

verifying::verifying(task_dependencies around) : around_(std::move(around)) {}

asio::awaitable<core::result<verify_result>> verifying::perform(verify_request request, verify_listener listener) {
  if (auto current = co_await around_.database.require_current(); current.has_error()) co_return current.error();
  const auto& accounts = around_.from.settings.accounts;
  verify_result result;
  for (std::size_t i = 0; i < accounts.size() && !stop_.requested(); ++i) {
    if (request.account && accounts[i].name != *request.account) continue;
    result.accounts.push_back(co_await verify_account(i, request, listener));
  }
  if (!stop_.requested()) {
    const auto corrected = co_await correct_counts(request, result);
    if (corrected.has_error() && !stop_.requested()) co_return corrected.error();
  }
  result.interrupted = stop_.requested();
  co_return result;
}

asio::awaitable<account_verification> verifying::verify_account(std::size_t index, verify_request request,
                                                                verify_listener listener) {
  account_run run;
  run.result.account = around_.from.settings.accounts[index].name;
  run.result.range = request.range;
  run.page_size = around_.from.settings.sync.page_size;
  run.fix = request.fix;
  run.listener = std::move(listener);
  run.limit = std::chrono::floor<std::chrono::seconds>(setup::wall_clock()() - around_.from.settings.sync.live.settle);
  auto api = api_client::make(around_.executor, around_.from, index, around_.log, around_.make_api);
  if (api.has_error()) {
    run.result.stopped_by = api.error();
    co_return run.result;
  }
  run.api = api->get();
  const auto stopped_at_stop = stop_.stops(*run.api);
  auto compared = co_await try_api(run, index);
  if (!compared.has_error() && !stop_.requested()) compared = co_await compare_all(run);
  if (!compared.has_error() && run.fix && !stop_.requested()) compared = co_await fix(run);
  if (compared.has_error() && !stop_.requested()) run.result.stopped_by = compared.error();
  run.result.calls = run.api->calls();
  co_return run.result;
}

// Orders may belong to accounts that are not configured any more.
verifying::answer<void> verifying::correct_counts(const verify_request& request, verify_result& result) {
  count_correction task(around_.database, around_.log, request.account);
  const auto stopped_at_stop = stop_.stops(task);
  auto found = co_await task.perform(request.range);
  if (found.has_error()) co_return found.error();
  for (auto& one : *found) {
    auto at = std::ranges::find(result.accounts, one.account, &account_verification::account);
    if (at == result.accounts.end())
      at = result.accounts.insert(at, account_verification{.account = one.account, .range = request.range});
    at->miscounts.push_back(std::move(one));
  }
  co_return core::result<void>{};
}

// A comparison is worth no more than what the API answers in full.
verifying::answer<void> verifying::try_api(account_run& of, std::size_t index) {
  auto opened = co_await around_.database.open_account(
      setup::scope_of(around_.from.settings.accounts[index], around_.from.settings.api));
  if (opened.has_error()) co_return opened.error();
  const auto clock = co_await around_.database.clock();
  if (clock.has_error()) co_return clock.error();
  api_trials trials({around_.from, around_.database, of.api->turns(), around_.log, setup::observation_clock(*clock)},
                    index);
  const auto stopped_at_stop = stop_.stops(trials);
  auto tried = co_await trials.load();
  const core::window whole{std::min(of.result.range.begin, around_.from.settings.sync.start), of.limit};
  if (!tried.has_error()) {
    const auto fell = co_await trials.perform_due(of.api->source(), whole);
    if (fell.has_error()) tried = fell.error();
  }
  if (tried.has_error()) co_return tried;
  const auto& known = trials.known();
  of.longest = std::min(of.longest, known.longest_window(trials.observed_now()).value_or(of.longest));
  of.page_size = std::min(of.page_size, known.limits().page_size.value_or(of.page_size));
  of.limit -= std::chrono::seconds{known.limits().nearest_end.value_or(0s)};
  of.statuses = known.statuses_to_ask();
  if (!known.filter_reason().empty())
    co_return core::make_error(core::failure::unusable_reply, "comparing is not possible: " + known.filter_reason());
  co_return core::result<void>{};
}

verifying::answer<core::second> verifying::quiet_begin(core::second near) {
  const core::window around{near - reach, near + 1min};
  const auto orders = co_await around_.database.maintenance().held(around, 10min);
  if (orders.has_error()) co_return orders.error();
  co_return sync::evidence::quiet_second_before(creations(*orders), near, around.begin);
}

verifying::answer<core::second> verifying::quiet_end(core::second near, core::second limit) {
  const core::window around{near - 1min, near + reach};
  const auto orders = co_await around_.database.maintenance().held(around, 10min);
  if (orders.has_error()) co_return orders.error();
  co_return std::min(limit, sync::evidence::quiet_second(creations(*orders), near, around.end));
}

verifying::answer<void> verifying::compare_all(account_run& of) {
  auto& range = of.result.range;
  range.end = std::max(range.begin, std::min(range.end, of.limit));
  if (range.empty()) co_return core::result<void>{};
  const auto begin = co_await quiet_begin(range.begin);
  if (begin.has_error()) co_return begin.error();
  const auto end = co_await quiet_end(range.end, of.limit);
  if (end.has_error()) co_return end.error();
  range = {*begin, *end};
  for (auto from = range.begin; from < range.end && !stop_.requested();) {
    // An order near an end inside may be counted on either side of it; see store::maintenance::plausible_count.
    const core::window window{from, std::min(from + of.longest, range.end)};
    auto compared = co_await compare_deeper(of, window);
    if (compared.has_error()) co_return compared;
    of.progress.done += window.length();
    of.report();
    from = window.end;
  }
  co_return core::result<void>{};
}

// The window, and where it differs its parts.
verifying::answer<void> verifying::compare_deeper(account_run& of, core::window window) {
  std::deque<core::window> left{window};
  while (!left.empty() && !stop_.requested()) {
    const auto w = left.front();
    left.pop_front();
    ++of.result.windows;
    auto different = co_await differs(of, w);
    // Orders move while one counts.
    if (different.has_value() && *different) different = co_await differs(of, w);
    if (different.has_error()) co_return different.error();
    if (!*different) continue;
    const auto total = co_await count(of, w);
    if (total.has_error()) co_return total.error();
    if (w.length() > shortest_window && *total > few_orders) {
      const auto cut = co_await quiet_end(sync::evidence::middle_of(w), w.end);
      if (cut.has_error()) co_return cut.error();
      const auto middle = *cut < w.end ? *cut : sync::evidence::middle_of(w);
      left.push_front({middle, w.end});
      left.push_front({w.begin, middle});
      continue;
    }
    auto found = co_await compare_orders(of, w);
    if (found.has_value() && !found->orders.empty()) found = co_await compare_orders(of, w);
    if (found.has_error()) co_return found.error();
    if (!found->orders.empty()) of.result.differences.push_back(std::move(*found));
    of.report();
  }
  co_return core::result<void>{};
}

verifying::answer<bool> verifying::differs(account_run& of, core::window window) {
  const auto total = co_await count(of, window);
  if (total.has_error()) co_return total.error();
  auto mirror = co_await around_.database.maintenance().count(of.result.account, window);
  if (mirror.has_error()) co_return mirror.error();
  if (!mirror->total.holds(*total)) co_return true;
  co_return co_await statuses_differ(of, window, *total, std::move(*mirror));
}

verifying::answer<bool> verifying::statuses_differ(account_run& of, core::window window, std::int64_t total,
                                                   store::maintenance::mirror_counts mirror) {
  std::int64_t counted = 0;
  for (const auto& [status, plausible] : statuses_by_count(mirror)) {
    std::int64_t shown = 0;
    if (counted < total) {
      const auto count = co_await of.api->count(window, status);
      if (count.has_error()) co_return count.error();
      shown = *count;
    }
    if (!plausible.holds(shown)) co_return true;
    counted += shown;
  }
  co_return false;
}

verifying::answer<std::int64_t> verifying::count(account_run& of, core::window window) {
  if (of.statuses.empty()) co_return co_await of.api->count(window, std::nullopt);
  std::int64_t sum = 0;
  for (const int status : of.statuses) {
    const auto one = co_await of.api->count(window, status);
    if (one.has_error()) co_return one.error();
    sum += *one;
  }
  co_return sum;
}

// The pages of one list, what it counts; ends where a page brings nothing new, whatever the total says.
verifying::answer<std::int64_t> verifying::read_list(account_run& of, core::window window, std::optional<int> status,
                                                     shown_orders& shown, std::int64_t& unusable) {
  const auto before = shown.size() + unusable;
  for (int number = 1;; ++number) {
    sync::page_request request{.window = window, .page = number, .page_size = of.page_size, .status = status};
    const auto page = co_await of.api->ask(std::move(request));
    if (page.has_error()) co_return page.error();
    const auto known = shown.size();
    shown.add(page->orders);
    unusable += static_cast<std::int64_t>(page->unusable.size());
    const bool news = shown.size() > known || !page->unusable.empty();
    const auto last = page->rows() > 0 ? page->total / static_cast<std::int64_t>(page->rows()) + 2 : number;
    if (!news || number > last || shown.size() + unusable - before >= page->total) co_return page->total;
  }
}

verifying::answer<window_difference> verifying::compare_orders(account_run& of, core::window window) {
  window_difference found;
  found.window = window;
  shown_orders shown;
  std::int64_t unusable = 0;
  auto statuses = std::vector<std::optional<int>>(of.statuses.begin(), of.statuses.end());
  if (statuses.empty()) statuses.emplace_back();
  for (const auto& status : statuses) {
    const auto read = co_await read_list(of, window, status, shown, unusable);
    if (read.has_error()) co_return read.error();
    found.api_total += *read;
  }
  const auto held = co_await around_.database.maintenance().held(shown.ids());
  if (held.has_error()) co_return held.error();
  const auto in_window = co_await around_.database.maintenance().held(window, 10min);
  if (in_window.has_error()) co_return in_window.error();
  const auto counts = co_await around_.database.maintenance().count(of.result.account, window);
  if (counts.has_error()) co_return counts.error();
  found.mirror_total = counts->total;
  found.orders = shown.differences(of.result.account, window, *held, *in_window);
  for (std::int64_t i = 0; i < unusable; ++i) found.orders.push_back({order_difference::kind::unusable, 0, {}, {}});
  if (shown.size() + unusable != found.api_total)
    found.orders.push_back({order_difference::kind::miscounted, 0, {}, {}});
  co_return found;
}

// Reads the windows that differ again, and compares them again.
verifying::answer<void> verifying::fix(account_run& of) {
  auto different = std::exchange(of.result.differences, {});
  sweeping task(around_);
  const auto stopped_at_stop = stop_.stops(task);
  for (const auto& difference : different) {
    if (stop_.requested()) {
      of.result.differences.push_back(difference);
      continue;
    }
    sweep_request request{.kind = sync::sweep_kind::verify,
                          .range = difference.window,
                          .only_unproven = false,
                          .account = of.result.account};
    const progress_listener quiet = [](std::string_view, const sync::sweep::sweep_progress&) {};
    const auto swept = co_await task.perform(request, quiet);
    if (swept.has_error()) co_return swept.error();
    for (const auto& account : swept->accounts)
      if (account.stopped_by) co_return *account.stopped_by;
    auto again = co_await compare_orders(of, difference.window);
    if (again.has_error()) co_return again.error();
    if (again->orders.empty())
      ++of.result.repaired;
    else
      of.result.differences.push_back(std::move(*again));
    of.report();
  }
  co_return core::result<void>{};
}

}  // namespace ordersync::app::tasks
