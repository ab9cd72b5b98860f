#include "app/freshness/count_checker.hpp"

#include "sync/evidence/verification.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::freshness {

namespace asio = boost::asio;
using std::chrono::seconds;
using std::chrono::steady_clock;
using store::recheck::check_state;
using namespace std::chrono_literals;

namespace {

// What passes is looked at again after this: a database or an API that is away, time that is not proven yet.
constexpr std::chrono::milliseconds rest = 5s;
constexpr std::chrono::hours sound_for{24};
constexpr std::chrono::hours unusable_for{1};
constexpr std::chrono::minutes untried_for{1};
// Of more windows than this the counts are not tried.
constexpr int most_tried = 8;
// Newer time is not checked yet: what lies in it may still be listed late, and its windows are read all the time.
constexpr seconds youngest = 60s;
// Shorter stretches of proven time are not worth a request for each status.
constexpr seconds shortest = 60s;
// Of a begin; the database looks for quiet seconds in that time.
constexpr std::chrono::minutes quiet_reach{10};
// Ends that have moved by less stay where they are, for finding a quiet second takes a query.
constexpr seconds moved = 60s;
constexpr std::chrono::seconds written_every{30};

bool differ(const std::vector<core::window>& a, const std::vector<core::window>& b) {
  return !std::ranges::equal(a, b, [](const core::window& one, const core::window& other) {
    return std::chrono::abs(one.begin - other.begin) < moved && std::chrono::abs(one.end - other.end) < moved;
  });
}

count_questions::rules question_rules(const config::settings& settings, std::string account) {
  return {std::move(account), settings.api.request_timeout, settings.sync.recheck.share, settings.accounts.size()};
}

}  // namespace

count_checker::count_checker(dependencies around, std::size_t index)
    : around_(std::move(around)),
      account_(around_.from.settings.accounts[index].name),
      settings_(around_.from.settings.sync.recheck),
      ask_({around_.turns, around_.log, around_.source,
            [this] { return around_.known.longest_window(around_.observed_now()); }},
           question_rules(around_.from.settings, account_)),
      performing_({around_.database, ask_, around_.observed_now}, account_),
      plan_(plan_rules_now()),
      pause_(around_.executor) {}

void count_checker::stop() noexcept {
  stopping_ = true;
  ask_.stop();
  performing_.stop();
  pause_.cancel();
}

asio::awaitable<void> count_checker::pause(std::chrono::milliseconds length) {
  pause_.expires_after(length);
  if (!stopping_) co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> count_checker::run() {
  while (!stopping_ && settings_.share > 0) {
    const auto wait = co_await work();
    co_await write_state();
    co_await pause(wait);
  }
}

std::vector<int> count_checker::statuses() const {
  return sync::recheck::open_statuses(around_.known.known_statuses());
}

sync::recheck::plan_rules count_checker::plan_rules_now() const {
  return {std::chrono::ceil<seconds>(settings_.every), ask_.per_second(), static_cast<int>(statuses().size())};
}

int count_checker::page_size() const {
  const auto size = around_.from.settings.sync.page_size;
  return std::min(size, around_.known.limits().page_size.value_or(size));
}

// For the window in hand.
sync::recheck::check_rules count_checker::check_rules_now() const {
  const auto& limits = around_.known.limits();
  sync::recheck::check_rules rules{
      .statuses = statuses(), .page_size = page_size(), .most_requests = plan_.most_requests()};
  // Lists of open orders are short, or it is cheaper to halve the window.
  constexpr int longest_list = 2000;
  const auto window_orders = std::min(longest_list, around_.from.settings.sync.max_window_orders);
  rules.most_listed = limits.depth.value_or(window_orders);
  rules.most_held = static_cast<std::size_t>(window_orders);
  if (limits.total) rules.most_counted = *limits.total - 1;
  return rules;
}

// One check, or what has to come before it; how long to wait then.
asio::awaitable<std::chrono::milliseconds> count_checker::work() {
  const auto hindered = obstacle();
  // What the last trial has found stands until the next one.
  const bool explained = state_ == check_state::unusable || (state_ == check_state::untried && hindered.empty());
  if (!explained) reason_ = hindered;
  if (!hindered.empty()) {
    plan_.interrupted();
    co_return rest;
  }
  const auto covered = co_await cover();
  if (covered.has_error()) co_return rest;
  if (trial_due()) {
    const auto tried = co_await try_api();
    if (tried.has_error()) co_return rest;
  }
  if (state_ != check_state::on) co_return rest;
  plan_.use(plan_rules_now());
  const auto window = plan_.next(steady_clock::now());
  if (!window) {
    const auto due = plan_.due().value_or(steady_clock::time_point::max());
    co_return due - steady_clock::now() < rest ? std::chrono::ceil<std::chrono::milliseconds>(due - steady_clock::now())
                                               : rest;
  }
  const auto checked = co_await check(*window);
  co_return checked.has_error() ? rest : 0ms;
}

// Why nothing can be checked at the moment; empty: it can.
std::string count_checker::obstacle() const {
  if (!around_.known.tried_at()) return "the API is tried first, at each start";
  if (!around_.known.filter_reason().empty()) return around_.known.filter_reason();
  if (!around_.known.longest_window(around_.observed_now())) return around_.known.trial_reason();
  return {};
}

// What to check.

std::vector<core::window> count_checker::to_cover() const {
  const auto now = around_.server_now();
  const auto margin = std::max({youngest, std::chrono::ceil<seconds>(around_.from.settings.sync.live.settle),
                                around_.known.limits().nearest_end.value_or(0s)});
  const core::window ages{now - std::chrono::ceil<seconds>(settings_.younger_than), now - margin};
  std::vector<core::window> ranges;
  for (const auto& proven : around_.proven()) {
    const core::window part{std::max(proven.begin, ages.begin), std::min(proven.end, ages.end)};
    if (part.length() >= shortest) ranges.push_back(part);
  }
  return ranges;
}

count_checker::answer<void> count_checker::cover() {
  auto ranges = to_cover();
  if (differ(ranges, proven_)) {
    auto quiet = co_await quieted(ranges);
    if (quiet.has_error()) co_return quiet.error();
    proven_ = std::move(ranges);
    covered_ = std::move(*quiet);
  }
  plan_.cover(covered_, around_.known.longest_window(around_.observed_now()));
  co_return core::result<void>{};
}

// Windows that begin and end where no order was created have the same orders however the API reads the filter.
count_checker::answer<std::vector<core::window>> count_checker::quieted(std::vector<core::window> ranges) {
  std::vector<core::window> quiet;
  for (const auto& range : ranges) {
    const auto begin = co_await around_.database.recheck().quiet_second(range.begin + quiet_reach);
    if (begin.has_error()) co_return begin.error();
    const auto end = co_await around_.database.recheck().quiet_second(range.end);
    if (end.has_error()) co_return end.error();
    const bool room = *begin >= range.begin && *begin < *end;
    const core::window w{room ? *begin : range.begin, *end};
    if (!w.empty()) quiet.push_back(w);
  }
  co_return quiet;
}

// Whether the counts can be relied on.

bool count_checker::trial_due() const {
  return plan_.contradicted() || steady_clock::now() >= trial_at_;
}

// Around orders of the mirror, for windows without orders show nothing.
count_checker::answer<std::vector<core::window>> count_checker::windows_to_try() {
  const auto seed = static_cast<std::uint64_t>(around_.observed_now().time_since_epoch().count());
  const auto orders = co_await around_.database.trials().known_orders(account(), most_tried, seed);
  if (orders.has_error()) co_return orders.error();
  const auto longest = around_.known.longest_window(around_.observed_now());
  std::vector<core::window> windows;
  for (const auto& order : *orders) {
    const auto second = std::chrono::floor<seconds>(order.created_at);
    const auto range = std::ranges::find_if(covered_, [&](const core::window& w) { return w.contains(second); });
    const auto tried = [&](const core::window& w) { return w.contains(second); };
    if (range == covered_.end() || std::ranges::any_of(windows, tried)) continue;
    core::window w = *range;
    if (longest) w.begin = std::max(w.begin, second - *longest / 2);
    if (longest) w.end = std::min(w.end, w.begin + *longest);
    windows.push_back(w);
  }
  co_return windows;
}

count_checker::answer<void> count_checker::try_api() {
  auto windows = co_await windows_to_try();
  if (windows.has_error()) co_return windows.error();
  trial_rules how{.windows = std::move(*windows), .page_size = page_size()};
  how.statuses.assign(around_.known.known_statuses().begin(), around_.known.known_statuses().end());
  how.by_status = around_.known.limits().by_status;
  how.most_counted = around_.known.limits().total;
  const auto found = co_await try_counts(ask_, std::move(how));
  if (found.has_error()) co_return found.error();
  conclude(*found);
  co_return core::result<void>{};
}

void count_checker::conclude(const trial_finding& found) {
  const auto before = state_;
  // A check's contradiction stands, whatever the sums say.
  const bool contradicted = plan_.contradicted();
  reason_ = found.reason;
  if (contradicted && reason_.empty())
    reason_ = "lists of one status leave out orders that the API shows with that status by their number";
  if (!found.tried && reason_.empty()) reason_ = "no proven window has orders yet";
  state_ = !reason_.empty() && (found.tried || contradicted) ? check_state::unusable
           : found.tried                                     ? check_state::on
                                                             : check_state::untried;
  trial_at_ = steady_clock::now() + (state_ == check_state::on         ? std::chrono::minutes{sound_for}
                                     : state_ == check_state::unusable ? std::chrono::minutes{unusable_for}
                                                                       : untried_for);
  if (state_ != check_state::on) plan_.forget();
  if (state_ == before) return;
  if (state_ == check_state::unusable)
    around_.log.write(core::severity::warning, "counts_unusable", {{"account", account()}, {"reason", reason_}});
  if (state_ == check_state::on) around_.log.write(core::severity::info, "counts_usable", {{"account", account()}});
}

// One check.

count_checker::answer<void> count_checker::check(core::window window) {
  const auto began = std::chrono::floor<seconds>(around_.observed_now());
  sync::recheck::count_check check(window, plan_.offset(), check_rules_now());
  const auto performed = co_await performing_.perform(check);
  changes_ += check.result().changed;
  if (performed.has_error()) {
    plan_.dropped(steady_clock::now());
    co_return performed;
  }
  plan_.ended(check.result(), began, steady_clock::now());
  around_.log.write(core::severity::debug, "window_checked",
                    {{"account", account()},
                     {"range", core::to_text(window)},
                     {"equal", check.result().equal},
                     {"settled", check.result().settled},
                     {"changed", check.result().changed}});
  co_return co_await cut();
}

count_checker::answer<void> count_checker::cut() {
  if (!plan_.to_cut()) co_return core::result<void>{};
  const auto window = *plan_.to_cut();
  const auto at = co_await around_.database.recheck().middle(account(), window, statuses());
  if (at.has_error()) co_return at.error();
  plan_.cut(at->value_or(sync::evidence::middle_of(window)));
  co_return core::result<void>{};
}

// For `status` and metrics.

store::recheck::check_report count_checker::state() const {
  store::recheck::check_report report{.account = account(), .state = state_, .reason = reason_};
  report.younger_than = std::chrono::ceil<seconds>(settings_.younger_than);
  report.every = std::chrono::ceil<seconds>(settings_.every);
  report.windows = static_cast<std::int64_t>(plan_.windows());
  report.requests = ask_.calls();
  report.changes = changes_;
  if (state_ != check_state::on) return report;
  report.period = plan_.round();
  if (const auto at = plan_.oldest_checked()) report.oldest_checked_at = core::instant{*at};
  return report;
}

asio::awaitable<void> count_checker::write_state() {
  auto now_known = std::pair{state_, reason_};
  if (stopping_ || (written_ == now_known && steady_clock::now() < written_at_ + written_every)) co_return;
  written_at_ = steady_clock::now();
  auto report = state();
  const auto written = co_await around_.database.recheck().write(std::move(report));
  if (written.has_value()) written_ = std::move(now_known);
}

}  // namespace ordersync::app::freshness
