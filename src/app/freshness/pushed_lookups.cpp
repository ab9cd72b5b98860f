#include "app/freshness/pushed_lookups.hpp"

#include "app/runtime/task_group.hpp"
#include "app/tasks/looked_up.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace ordersync::app::freshness {

namespace asio = boost::asio;
using std::chrono::seconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;
using finding = looked_up_order::finding;

namespace {

constexpr const char* why_read = "looked up by its number, because a push message named it";
// Messages come within seconds of what they report; an order of this age was stored by a live window.
constexpr seconds newest = 60s;
constexpr int most_pages = 4;
// Live windows, which have the same urgency, keep the other half of the rate.
constexpr double share_of_look_ups = 0.5;
constexpr seconds young = std::chrono::days{1};
// Orders created further apart are stored apart: a read counts as having seen all of its range.
constexpr seconds stored_together = 60s;

// What fails is tried again by whoever asked.
const sync::flow::try_rules tried_once{.retries = {.tries = 1, .overload_tries = 1},
                                       .unusable_tries = 1,
                                       .oversized_tries = 1,
                                       .alone = sync::flow::ask_alone::never};

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool same(const core::text& value, const std::string& number) {
  return value && !number.empty() && *value == number;
}

bool is_meant(const core::order& order, const store::push::order_numbers& about) {
  return same(order.tb_order_id, about.order_id) || std::to_string(order.id) == about.order_id ||
         same(order.order_no, about.order_no) || same(order.order_no, about.order_id);
}

// It is the order, or how the API shows it, and asking again at once is no use: its window has other means.
bool is_about_the_order(core::failure kind) {
  return kind == core::failure::unusable_reply;
}

std::optional<core::instant> created_at(const store::push::known_order& known) {
  return known.created_at ? known.created_at : known.tb_created_at;
}

// Of all orders of one commit: which of them are outdated is not known.
finding finding_of(const sync::commit_summary& stored) {
  if (stored.outdated > 0) return finding::outdated;
  return stored.created + stored.changed > 0 ? finding::changed : finding::unchanged;
}

// What the database refuses for good is left to the order's window.
finding finding_of(const core::error& not_stored) {
  return core::is_transient(not_stored.kind) ? finding::not_asked : finding::not_shown;
}

void add(sync::window_batch& to, sync::window_batch one) {
  to.window = {std::min(to.window.begin, one.window.begin), std::max(to.window.end, one.window.end)};
  to.seen += one.seen;
  to.pages += one.pages;
  to.started_at = std::min(to.started_at, one.started_at);
  to.finished_at = std::max(to.finished_at, one.finished_at);
  to.orders.push_back(std::move(one.orders.front()));
}

}  // namespace

pushed_lookups::pushed_lookups(dependencies around, rules how)
    : around_(std::move(around)),
      rules_(std::move(how)),
      pace_(around_.turns, share_of_look_ups, std::max<std::size_t>(1, rules_.accounts)),
      requests_({around_.turns, &around_.log, [] { return std::uint64_t{0}; }},
                {.timeout = rules_.request_timeout, .how = sync::flow::urgency::live, .tries = tried_once}) {}

void pushed_lookups::stop() noexcept {
  stopping_ = true;
  pace_.stop();
  requests_.stop();
  for (auto& end : ends_) end.emit(asio::cancellation_type::terminal);
}

std::size_t pushed_lookups::worth_taking() const noexcept {
  constexpr double in_half_a_second = 0.5;
  constexpr double most = 32;
  return static_cast<std::size_t>(std::clamp(pace_.per_second() * in_half_a_second, 1.0, most));
}

asio::awaitable<std::vector<looked_up_order>> pushed_lookups::look_up(std::vector<pushed_orders::due_order> orders) {
  std::vector<job> jobs;
  jobs.reserve(orders.size());
  for (auto& one : orders) jobs.push_back({.asked = std::move(one)});
  failed_ = false;
  const auto located = co_await locate(jobs);
  if (located.has_error()) {
    give_up(located.error());
  } else {
    co_await read_newest(jobs);
    co_await ask_all(jobs);
  }
  co_await store(jobs);
  std::vector<looked_up_order> results;
  results.reserve(jobs.size());
  for (auto& one : jobs) results.push_back(one.result);
  co_return results;
}

asio::awaitable<core::result<void>> pushed_lookups::locate(std::vector<job>& jobs) {
  std::vector<store::push::order_numbers> numbers;
  for (const auto& one : jobs) numbers.push_back(one.asked.about);
  const auto found = co_await around_.database.push_messages().locate(std::move(numbers));
  if (found.has_error()) co_return found.error();
  for (const auto& known : *found) jobs.at(known.asked).known = known;
  co_return core::result<void>{};
}

// One read for all that the mirror does not know.
asio::awaitable<void> pushed_lookups::read_newest(std::vector<job>& jobs) {
  const auto unknown = [](const job& one) { return !one.known && !one.shown; };
  for (int page = 1; page <= most_pages && std::ranges::any_of(jobs, unknown) && !stopping_; ++page) {
    co_await pace_.wait();
    sync::page_request request{.window = last(newest), .page = page, .page_size = rules_.page_size};
    sync::flow::request_label label{.account = rules_.account};
    auto reply = co_await requests_.fetch(around_.source, std::move(request), std::move(label));
    if (reply.has_error()) {
      std::vector<job*> for_them;
      for (auto& one : jobs)
        if (unknown(one)) for_them.push_back(&one);
      if (!is_about_the_order(reply.error().kind)) fail(for_them, reply.error());
      break;
    }
    for (auto& one : jobs)
      if (unknown(one)) take(one, *reply);
    if (static_cast<std::int64_t>(page) * rules_.page_size >= reply->total) break;
  }
}

asio::awaitable<void> pushed_lookups::ask_all(std::vector<job>& jobs) {
  std::size_t next = 0;
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer ended(executor, steady_clock::time_point::max());
  runtime::task_group lanes(executor, [&ended] { ended.cancel(); });
  for (std::size_t i = 0; i < std::min(std::max<std::size_t>(1, rules_.in_flight), jobs.size()); ++i)
    lanes.spawn(ask_some(jobs, next), ends_.emplace_back().slot());
  while (!lanes.empty()) co_await ended.async_wait(asio::as_tuple(asio::use_awaitable));
  ends_.clear();
  lanes.rethrow();
}

asio::awaitable<void> pushed_lookups::ask_some(std::vector<job>& jobs, std::size_t& next) {
  try {
    while (next < jobs.size() && !failed_ && !stopping_) {
      auto& mine = jobs[next++];
      if (mine.shown || mine.result.what == finding::failed) continue;
      co_await pace_.wait();
      if (failed_ || stopping_) break;
      const auto asked = co_await ask(mine);
      if (asked.has_error()) fail({&mine}, asked.error());
    }
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) throw;
  }
}

asio::awaitable<core::result<void>> pushed_lookups::ask(job& of) {
  if (!of.known) {
    if (is_number(of.asked.about.order_id)) co_return co_await ask_by_number(of, of.asked.about.order_id, last(young));
    of.answered = true;  // by the newest window
    co_return core::result<void>{};
  }
  const auto created = created_at(*of.known);
  if (!created) {
    of.answered = true;  // it has no place in any window
    co_return core::result<void>{};
  }
  if (is_number(of.known->tb_order_id)) {
    const auto around = tasks::look_up_range(*created, around_.server_now(), around_.limits());
    const auto asked = co_await ask_by_number(of, of.known->tb_order_id, around);
    if (asked.has_error() || of.shown) co_return asked;
    co_await pace_.wait();
  }
  co_return co_await ask_by_creation(of);
}

asio::awaitable<core::result<void>> pushed_lookups::ask_by_number(job& of, std::string number, core::window around) {
  sync::flow::gated_requests::send_once<sync::page> once = [this, &number, around](steady_clock::time_point deadline,
                                                                                   std::function<void()> received) {
    return around_.source.look_up(number, around, deadline, std::move(received));
  };
  sync::flow::request_label label{.account = rules_.account};
  auto reply = co_await requests_.send(std::move(once), std::move(label));
  co_return conclude(of, reply);
}

// Not placed at 1688 yet, or not found by that number.
asio::awaitable<core::result<void>> pushed_lookups::ask_by_creation(job& of) {
  const auto second = std::chrono::floor<seconds>(*created_at(*of.known));
  sync::page_request request{.window = {second, second + 1s}, .page_size = rules_.page_size};
  sync::flow::request_label label{.account = rules_.account};
  auto reply = co_await requests_.fetch(around_.source, std::move(request), std::move(label));
  co_return conclude(of, reply);
}

core::result<void> pushed_lookups::conclude(job& of, core::result<sync::page>& reply) {
  of.answered = true;
  if (reply.has_value()) take(of, *reply);
  if (reply.has_value() || is_about_the_order(reply.error().kind)) return {};
  of.answered = false;
  return reply.error();
}

void pushed_lookups::take(job& of, sync::page& from) {
  of.result.read_at = from.observed_at;
  const auto at = std::ranges::find_if(
      from.orders, [&](const core::order& o) { return of.known ? o.id == of.known->id : is_meant(o, of.asked.about); });
  if (at != from.orders.end()) of.shown = *at;
}

asio::awaitable<void> pushed_lookups::store(std::vector<job>& jobs) {
  std::map<std::int64_t, std::vector<job*>> shown;  // two numbers may mean one order
  for (auto& one : jobs) {
    if (one.shown) {
      one.result.id = one.shown->id;
      shown[one.shown->id].push_back(&one);
    } else if (one.answered) {
      one.result.what = finding::not_shown;
    }
  }
  same_orders changed;
  for (auto& [id, same] : shown) {
    const auto& known = same.front()->known;
    if (known && known->content_hash == same.front()->shown->content_hash && !known->vanished)
      for (auto* one : same) one->result.what = finding::unchanged;
    else
      changed.push_back(std::move(same));
  }
  std::ranges::sort(changed, {}, [](const auto& same) { return tasks::created_at_of(*same.front()->shown); });
  co_await commit(changed);
}

asio::awaitable<void> pushed_lookups::commit(same_orders& changed) {
  for (std::size_t i = 0; i < changed.size();) {
    const auto first = tasks::created_at_of(*changed[i].front()->shown);
    auto batch = tasks::looked_up(rules_.account, *changed[i].front()->shown, why_read);
    auto end = i + 1;
    for (; end < changed.size() && tasks::created_at_of(*changed[end].front()->shown) - first < stored_together; ++end)
      add(batch, tasks::looked_up(rules_.account, *changed[end].front()->shown, why_read));
    const auto stored = co_await around_.database.commit(std::move(batch));
    const auto what = stored.has_value() ? finding_of(*stored) : finding_of(stored.error());
    if (stored.has_error()) give_up(stored.error());
    for (; i < end; ++i)
      for (auto* one : changed[i]) one->result.what = what;
  }
}

// The API's range may be limited, and its end may have to lie before now.
core::window pushed_lookups::last(seconds length) const {
  const auto limits = around_.limits();
  const auto end = around_.server_now() + 1s - limits.nearest_end.value_or(0s);
  return {end - std::min(length, limits.longest_range.value_or(length)), end};
}

// Whether the account fails or these orders alone shows in what has succeeded since a request failed last.
void pushed_lookups::fail(const std::vector<job*>& of, const core::error& why) {
  const auto successes = around_.turns.successes(rules_.account);
  if (std::exchange(successes_, successes) == successes) {
    give_up(why);
    return;
  }
  for (auto* one : of) one->result.what = finding::failed;
  log_failure(why);
}

void pushed_lookups::give_up(const core::error& why) {
  failed_ = true;
  log_failure(why);
}

void pushed_lookups::log_failure(const core::error& why) {
  if (stopping_) return;
  around_.log.write(core::severity::warning, "push_look_up_failed",
                    {{"account", rules_.account}, {"failure", core::name(why.kind)}, {"reason", why.what}});
}

}  // namespace ordersync::app::freshness
