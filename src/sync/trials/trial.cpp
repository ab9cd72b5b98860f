#include "sync/trials/trial.hpp"

#include "sync/trials/filter_trial.hpp"
#include "sync/trials/length_trial.hpp"
#include "sync/trials/refusal_trial.hpp"
#include "sync/trials/status_trial.hpp"
#include "sync/trials/total_trial.hpp"
#include "sync/trials/trial_questions.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <utility>

namespace ordersync::sync::trials {

namespace asio = boost::asio;
using std::chrono::seconds;
using namespace std::chrono_literals;

namespace {

// Ranges are tried to be answered a bit longer than they will be asked for.
constexpr seconds more_than_needed = 1h;
constexpr const char* left_out_text = "a finished order is returned only if the request names its status";

class full_trial {
 public:
  full_trial(questions& ask, const trial_rules& rules, core::window range, std::vector<evidence::witness> stored)
      : ask_(ask), known_(ask.known()), rules_(rules), range_(range), stored_(std::move(stored)) {}

  asio::awaitable<core::result<void>> run();
  trial_report take() { return std::move(report_); }

 private:
  using step = questions::answer<void>;

  step read_whole();
  step find_order();
  step search();
  step filter();
  void plan();
  void plan_end();
  step lengths();
  step totals();
  step totals_of(core::window part);
  void learn_total(const total_finding& found, std::int64_t total);
  step statuses();
  core::result<void> by_status(const status_finding& found);
  void learn(std::string name, std::optional<std::int64_t> value, std::string found_by);
  void contradict(std::string way, std::string reason, std::int64_t expected = 0, std::int64_t found = 0,
                  std::optional<seconds> longer_than = {});
  seconds wanted_length() const;
  seconds longest() const;
  core::window longest_part() const;

  questions& ask_;
  evidence::evidence& known_;
  const trial_rules& rules_;
  core::window range_;
  core::window answered_{};  // the latest part of the range that is not refused
  seconds longest_answered_ = std::chrono::days{36'500};
  std::vector<evidence::witness> stored_;
  bool left_out_ = false;  // a known order is shown only where its status is named
  trial_report report_;
};

void full_trial::learn(std::string name, std::optional<std::int64_t> value, std::string found_by) {
  report_.limits.push_back({std::move(name), value, std::move(found_by)});
}

void full_trial::contradict(std::string way, std::string reason, std::int64_t expected, std::int64_t found,
                            std::optional<seconds> longer_than) {
  contradiction c{.way = std::move(way), .expected = expected, .found = found, .reason = std::move(reason)};
  c.longer_than = longer_than;
  report_.contradictions.push_back(std::move(c));
}

seconds full_trial::wanted_length() const {
  return rules_.by_hand.longest_range.value_or(range_.length() + more_than_needed);
}

seconds full_trial::longest() const {
  return known_.longest_window(ask_.now()).value_or(range_.length());
}

// The latest part of the range that is as long as is answered in full.
core::window full_trial::longest_part() const {
  return {std::max(answered_.begin, answered_.end - longest()), answered_.end};
}

asio::awaitable<core::result<void>> full_trial::run() {
  using method = step (full_trial::*)();
  // Each needs what those before it have found out.
  constexpr std::array<method, 6> steps{&full_trial::read_whole, &full_trial::find_order, &full_trial::filter,
                                        &full_trial::lengths,    &full_trial::statuses,   &full_trial::totals};
  for (const auto next : steps) {
    const auto done = co_await (this->*next)();
    if (done.has_error()) co_return done;
    if (!report_.open.empty()) break;
  }
  co_return core::result<void>{};
}

// What is refused of the whole range is not asked for later.
full_trial::step full_trial::read_whole() {
  answered_ = range_;
  known_.retry_old_limits(rules_.by_hand, ask_.now());
  ask_.use_page_size(std::min(rules_.page_size, known_.limits().page_size.value_or(rules_.page_size)));
  const auto whole = co_await ask_.read(range_);
  auto& limits = known_.limits();
  if (whole.has_value()) {
    if (limits.nearest_end && !rules_.by_hand.nearest_end) {
      limits.nearest_end.reset();
      learn("nearest_end", std::nullopt, "the API answered a range that ends now");
    }
    co_return core::result<void>{};
  }
  if (!questions::refuses(whole.error())) co_return whole.error();
  auto why = whole.error();
  const auto found = co_await try_refused(ask_, range_, std::move(why));
  if (found.has_error()) {
    if (questions::refuses(found.error())) report_.open = found.error().what;
    if (report_.open.empty()) co_return found.error();
    co_return core::result<void>{};
  }
  answered_ = found->range;
  if (found->longest_range) longest_answered_ = *found->longest_range;
  if (found->nearest_end && !rules_.by_hand.nearest_end) {
    // What was tried is the distance from the range's end, which is itself before now.
    const auto end_to_now = std::chrono::ceil<seconds>(ask_.now()) - range_.end;
    limits.nearest_end = *found->nearest_end + std::max(end_to_now, 0s) + 1s;
    learn("nearest_end", limits.nearest_end->count(), found->found_by);
  }
  if (found->page_size && !rules_.by_hand.page_size) {
    limits.page_size = *found->page_size;
    learn("page_size", *found->page_size, found->found_by);
  }
  const auto part = answered_;
  const auto again = co_await ask_.read(part);
  if (again.has_error()) co_return again.error();
  co_return core::result<void>{};
}

full_trial::step full_trial::find_order() {
  if (known_.newest() || !stored_.empty()) co_return core::result<void>{};
  // A list without a status may leave out all that there are.
  const auto statuses = known_.known_statuses();
  for (const int status : statuses) {
    const auto part = answered_;
    const auto reply = co_await ask_.read(part, 1, status);
    if (reply.has_error() && !questions::refuses(reply.error())) co_return reply.error();
    if (known_.newest()) co_return core::result<void>{};
  }
  auto searched = co_await search();
  if (searched.has_error()) co_return searched;
  if (!known_.newest() && ask_.outside().empty()) {
    report_.open = fmt::format(
        "the API returned no order of the account in {} requests over the whole time, and the mirror has none, so "
        "nothing can be proven. If the account has orders, check user_id and user_id_list",
        ask_.calls());
  }
  co_return core::result<void>{};
}

// One part, then two, four, ... spread evenly over the whole range, the newest first, each no longer than is answered.
full_trial::step full_trial::search() {
  constexpr int levels = 8;
  for (int level = 0; level < levels; ++level) {
    const auto parts = std::int64_t{1} << level;
    const auto length = range_.length() / parts;
    if (length < more_than_needed) break;
    for (std::int64_t i = 0; i < parts && !known_.newest(); ++i) {
      const auto end = std::min(answered_.end, range_.end - length * i);
      const core::window part{std::max(range_.begin, end - std::min(length, longest_answered_)), end};
      if (part.empty()) continue;
      const auto reply = co_await ask_.read(part);
      if (reply.has_error() && !questions::refuses(reply.error())) co_return reply.error();
    }
  }
  co_return core::result<void>{};
}

// What the next steps will ask if nothing is wrong with the API.
void full_trial::plan() {
  auto next = likely_filter_questions(ask_, stored_);
  const auto add = [&next](const std::vector<questions::planned>& more) {
    next.insert(next.end(), more.begin(), more.end());
  };
  add(likely_length_questions(ask_, wanted_length()));
  if (!known_.limits().longest_range) add(status_questions(ask_, answered_));
  ask_.plan(next);
}

// What follows the lists of each status.
void full_trial::plan_end() {
  if (known_.limits().by_status) return;
  std::vector<questions::planned> next;
  if (const auto& finished = known_.finished()) next.push_back({finished->created});
  next.push_back({longest_part()});
  ask_.plan(next);
}

full_trial::step full_trial::filter() {
  plan();
  auto stored = stored_;
  const auto found = co_await try_filter_by_known(ask_, std::move(stored));
  if (found.has_error()) co_return found.error();
  if (found->by_status) {
    left_out_ = true;
    const auto stated = by_status({.leaves_out = true, .found_by = left_out_text});
    if (stated.has_error() || found->holds) co_return stated;
    stored = stored_;
    const auto again = co_await try_filter_by_known(ask_, std::move(stored));
    if (again.has_error()) co_return again.error();
    if (again->holds) co_return core::result<void>{};
  }
  if (found->holds) co_return core::result<void>{};
  if (!found->reason.empty()) {
    contradict("filter", found->reason);
    report_.open = found->reason;
  } else {
    report_.open = "no order is known to test the API's filter with";
  }
  co_return core::result<void>{};
}

full_trial::step full_trial::lengths() {
  if (!known_.newest() || !known_.oldest()) co_return core::result<void>{};
  auto& limits = known_.limits();
  const auto wanted = wanted_length();
  const auto found = co_await try_lengths(ask_, wanted, answered_.end);
  if (found.has_error()) co_return found.error();
  if (rules_.by_hand.longest_range) co_return core::result<void>{};
  if (!found->cut) {
    if (limits.longest_range) learn("longest_range", std::nullopt, "the API answers longer ranges in full");
    limits.longest_range.reset();
    co_return core::result<void>{};
  }
  const bool news = !limits.longest_range || *limits.longest_range > found->in_full;
  limits.longest_range = found->in_full;
  learn("longest_range", found->in_full.count(), found->found_by);
  if (news)
    contradict("range", "the API does not answer longer ranges in full: " + found->found_by, wanted.count(),
               found->in_full.count(), found->in_full);
  co_return core::result<void>{};
}

// Of the longest part that is answered in full, and of the window that counted most without being accepted.
full_trial::step full_trial::totals() {
  const auto untried = known_.take_untried_count();
  const auto done = co_await totals_of(longest_part());
  if (done.has_error() || !untried || untried->range.length() > longest()) co_return done;
  co_return co_await totals_of(untried->range);
}

full_trial::step full_trial::totals_of(core::window part) {
  auto lists = std::vector<std::optional<int>>{std::nullopt};
  if (const auto statuses = known_.statuses_to_ask(); !statuses.empty()) lists.assign(statuses.begin(), statuses.end());
  std::optional<int> greatest;
  std::int64_t total = -1;
  for (const auto& status : lists) {
    const auto count = co_await ask_.count(part, status);
    if (count.has_error()) co_return count.error();
    if (*count > total) greatest = status;
    total = std::max(total, *count);
  }
  const bool small = total <= ask_.page_size();
  if (small) known_.count_adds_up(total, ask_.now());
  if (small || total > rules_.max_orders || rules_.by_hand.total) co_return core::result<void>{};
  const auto found = co_await try_total(ask_, part, total, greatest);
  if (found.has_error()) co_return found.error();
  learn_total(*found, total);
  co_return core::result<void>{};
}

void full_trial::learn_total(const total_finding& found, std::int64_t total) {
  auto& limits = known_.limits();
  if (found.cap) {
    if (!limits.total) contradict("total", "the API's counts stop at a maximum: " + found.found_by, 0, *found.cap);
    limits.total = *found.cap;
    learn("total", *found.cap, found.found_by);
  } else if (limits.total && total > *limits.total) {
    limits.total.reset();
    learn("total", std::nullopt, "higher counts add up");
  }
}

// Over the longest part that is answered in full, and over what windows lay elsewhere that needed to know.
full_trial::step full_trial::statuses() {
  constexpr std::size_t most_parts = 64;
  auto parts = known_.take_untried_ranges();
  if (left_out_) co_return core::result<void>{};
  if (parts.size() > most_parts) parts.resize(most_parts);
  parts.insert(parts.begin(), longest_part());
  bool shows_all = false;
  for (const auto& part : parts) {
    if (part.length() > longest()) continue;
    std::function<void()> before_last;
    if (&part == &parts.back()) before_last = [this] { plan_end(); };
    const auto found = co_await try_statuses(ask_, part, part.end == answered_.end, std::move(before_last));
    if (found.has_error()) co_return found.error();
    if (found->leaves_out) co_return by_status(*found);
    shows_all = shows_all || found->shows_all;
  }
  auto& limits = known_.limits();
  if (limits.by_status && shows_all) {
    limits.by_status = false;
    learn("by_status", std::nullopt, "lists without a status filter are complete again");
  }
  // From here on it is asked for every minute.
  if (limits.by_status || !known_.finished()) co_return core::result<void>{};
  const auto shown = co_await ask_.shows_itself(*known_.finished());
  if (shown.has_error()) co_return shown.error();
  co_return core::result<void>{};
}

core::result<void> full_trial::by_status(const status_finding& found) {
  learn("by_status", 1, found.found_by);
  if (known_.lists_leave_out())
    contradict("status", "lists without a status filter leave orders out: " + found.found_by, found.by_status,
               found.counted);
  return {};
}

}  // namespace

trial::trial(page_fetcher ask, std::function<core::instant()> now, evidence::evidence& known, trial_rules rules)
    : ask_(std::move(ask)), now_(std::move(now)), known_(known), rules_(rules) {}

asio::awaitable<core::result<trial_report>> trial::all(core::window range, std::vector<evidence::witness> stored) {
  questions ask(ask_, now_, known_, std::min(rules_.page_size, known_.limits().page_size.value_or(rules_.page_size)));
  const auto executor = co_await asio::this_coro::executor;
  ask.send_ahead(executor, rules_.together);
  full_trial steps(ask, rules_, range, std::move(stored));
  core::result<void> done{};
  std::exception_ptr defect;
  try {
    done = co_await steps.run();
  } catch (...) {
    defect = std::current_exception();
  }
  // Even where this was cancelled itself.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await ask.end();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (defect) std::rethrow_exception(defect);
  auto report = steps.take();
  report.calls = ask.calls();
  if (done.has_error()) {
    if (!questions::refuses(done.error())) co_return done.error();
    report.open = done.error().what;
  }
  if (report.open.empty()) report.open = ask.outside();
  known_.trial_ended(now_(), report.open);
  co_return report;
}

asio::awaitable<core::result<trial_report>> trial::filter(std::vector<evidence::witness> stored) {
  questions ask(ask_, now_, known_, std::min(rules_.page_size, known_.limits().page_size.value_or(rules_.page_size)));
  const auto found = co_await try_filter_by_known(ask, std::move(stored));
  if (found.has_error()) co_return found.error();
  trial_report report{.calls = ask.calls()};
  if (found->by_status && known_.lists_leave_out()) {
    report.limits.push_back({"by_status", 1, left_out_text});
    contradiction c{.way = "status",
                    .reason = std::string("lists without a status filter leave orders out: ") + left_out_text};
    report.contradictions.push_back(std::move(c));
  }
  if (!found->holds && !found->reason.empty()) {
    contradiction c{.way = "filter", .reason = found->reason};
    report.contradictions.push_back(std::move(c));
  }
  if (!found->holds) known_.want_trial();
  co_return report;
}

}  // namespace ordersync::sync::trials
