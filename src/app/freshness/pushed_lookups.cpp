#include "app/freshness/pushed_lookups.hpp"

#include "app/runtime/task_group.hpp"
#include "app/tasks/looked_up.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::freshness {

namespace asio = boost::asio;
using std::chrono::seconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;
using finding = looked_up_order::finding;

namespace {

// Messages come within seconds of what they report; an order of this age was stored by a live window.
constexpr seconds newest = 60s;
constexpr int most_pages = 4;
// Live windows, which have the same urgency, keep the other half of the rate.
constexpr double share_of_look_ups = 0.5;
constexpr seconds young = std::chrono::days{1};

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

// What nobody understands may be this order as the API shows it, or anything else that stands before the API.
bool may_be_the_orders_own(core::failure kind) {
  return kind == core::failure::unusable_reply;
}

std::optional<core::instant> created_at(const store::push::known_order& known) {
  return known.created_at ? known.created_at : known.tb_created_at;
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
  std::vector<look_up_job> jobs;
  jobs.reserve(orders.size());
  for (auto& one : orders) jobs.push_back({.asked = std::move(one)});
  failed_ = false;
  const auto located = co_await locate(jobs);
  if (located.has_error()) {
    give_up(located.error());
  } else {
    std::vector<asio::awaitable<void>> first;
    first.push_back(read_newest(jobs));
    co_await run_all(std::move(first));
    co_await ask_all(jobs);
  }
  const auto stored = co_await store_shown(around_.database, rules_.account, jobs);
  if (stored.has_error()) give_up(stored.error());
  std::vector<looked_up_order> results;
  results.reserve(jobs.size());
  for (auto& one : jobs) results.push_back(one.result);
  co_return results;
}

asio::awaitable<core::result<void>> pushed_lookups::locate(std::vector<look_up_job>& jobs) {
  std::vector<store::push::order_numbers> numbers;
  for (const auto& one : jobs) numbers.push_back(one.asked.about);
  const auto found = co_await around_.database.push_messages().locate(rules_.account, std::move(numbers));
  if (found.has_error()) co_return found.error();
  for (const auto& known : *found) {
    auto& mine = jobs.at(known.asked);
    mine.known = known;
    if (known.vanished || !rules_.sharing_secret.contains(known.account)) continue;
    mine.result.what = finding::of_another;
    mine.result.owner = known.account;
  }
  co_return core::result<void>{};
}

// Whoever waits for its turn at the gate is to end at once when this stops.
asio::awaitable<void> pushed_lookups::run_all(std::vector<asio::awaitable<void>> tasks) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer ended(executor, steady_clock::time_point::max());
  runtime::task_group group(executor, [&ended] { ended.cancel(); });
  for (auto& task : tasks) group.spawn(std::move(task), ends_.emplace_back().slot());
  while (!group.empty()) co_await ended.async_wait(asio::as_tuple(asio::use_awaitable));
  ends_.clear();
  group.rethrow();
}

bool pushed_lookups::is_unknown(const look_up_job& one) {
  return !one.known && !one.shown;
}

// One read for all that the mirror does not know; those without a number to ask by have no other.
asio::awaitable<void> pushed_lookups::read_newest(std::vector<look_up_job>& jobs) {
  if (std::ranges::none_of(jobs, is_unknown)) co_return;
  core::result<void> read;
  try {
    read = co_await read_newest_pages(jobs);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) throw;
    co_return;
  }
  const look_up_job* judged = nullptr;
  for (auto& one : jobs) {
    if (!is_unknown(one) || is_number(one.asked.about.order_id)) continue;
    if (read.has_value()) {
      one.answered = true;
    } else if (judged == nullptr) {
      fail(one, read.error());
      judged = &one;
    } else {
      one.answered = judged->answered;
      one.result.what = judged->result.what;
    }
  }
  if (read.has_error() && judged == nullptr) log_failure(read.error());
}

asio::awaitable<core::result<void>> pushed_lookups::read_newest_pages(std::vector<look_up_job>& jobs) {
  for (int page = 1; page <= most_pages && std::ranges::any_of(jobs, is_unknown) && !stopping_; ++page) {
    co_await pace_.wait();
    sync::page_request request{.window = last(newest), .page = page, .page_size = rules_.page_size};
    sync::flow::request_label label{.account = rules_.account};
    auto reply = co_await requests_.fetch(around_.source, std::move(request), std::move(label));
    if (reply.has_error()) co_return reply.error();
    for (auto& one : jobs)
      if (is_unknown(one)) take(one, *reply);
    if (static_cast<std::int64_t>(page) * rules_.page_size >= reply->total) break;
  }
  co_return core::result<void>{};
}

asio::awaitable<void> pushed_lookups::ask_all(std::vector<look_up_job>& jobs) {
  std::size_t next = 0;
  std::vector<asio::awaitable<void>> lanes;
  for (std::size_t i = 0; i < std::min(std::max<std::size_t>(1, rules_.in_flight), jobs.size()); ++i)
    lanes.push_back(ask_some(jobs, next));
  co_await run_all(std::move(lanes));
}

asio::awaitable<void> pushed_lookups::ask_some(std::vector<look_up_job>& jobs, std::size_t& next) {
  try {
    while (next < jobs.size() && !failed_ && !stopping_) {
      auto& mine = jobs[next++];
      if (mine.shown || mine.answered || mine.result.what != finding::not_asked) continue;
      co_await pace_.wait();
      if (failed_ || stopping_) break;
      const auto asked = co_await ask(mine);
      if (asked.has_error()) fail(mine, asked.error());
    }
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) throw;
  }
}

asio::awaitable<core::result<void>> pushed_lookups::ask(look_up_job& of) {
  if (!of.known) co_return co_await ask_by_number(of, of.asked.about.order_id, last(young));
  const auto created = created_at(*of.known);
  if (!created) {
    of.answered = true;  // it has no place in any window
    co_return core::result<void>{};
  }
  if (is_number(of.known->tb_order_id)) {
    const auto around = tasks::look_up_range(*created, around_.server_now(), around_.limits());
    const auto asked = co_await ask_by_number(of, of.known->tb_order_id, around);
    if (of.shown || (asked.has_error() && !may_be_the_orders_own(asked.error().kind))) co_return asked;
    co_await pace_.wait();
  }
  co_return co_await ask_by_creation(of);
}

asio::awaitable<core::result<void>> pushed_lookups::ask_by_number(look_up_job& of, std::string number,
                                                                  core::window around) {
  sync::flow::gated_requests::send_once<sync::page> once = [this, &number, around](steady_clock::time_point deadline,
                                                                                   std::function<void()> received) {
    return around_.source.look_up(number, around, deadline, std::move(received));
  };
  sync::flow::request_label label{.account = rules_.account};
  auto reply = co_await requests_.send(std::move(once), std::move(label));
  co_return conclude(of, reply);
}

// Not placed at 1688 yet, or not found by that number.
asio::awaitable<core::result<void>> pushed_lookups::ask_by_creation(look_up_job& of) {
  const auto second = std::chrono::floor<seconds>(*created_at(*of.known));
  sync::page_request request{.window = {second, second + 1s}, .page_size = rules_.page_size};
  sync::flow::request_label label{.account = rules_.account};
  auto reply = co_await requests_.fetch(around_.source, std::move(request), std::move(label));
  co_return conclude(of, reply);
}

core::result<void> pushed_lookups::conclude(look_up_job& of, core::result<sync::page>& reply) {
  of.answered = reply.has_value();
  if (reply.has_error()) return reply.error();
  take(of, *reply);
  return {};
}

void pushed_lookups::take(look_up_job& of, sync::page& from) {
  of.result.read_at = from.observed_at;
  const auto at = std::ranges::find_if(
      from.orders, [&](const core::order& o) { return of.known ? o.id == of.known->id : is_meant(o, of.asked.about); });
  if (at != from.orders.end()) of.shown = *at;
}

// The API's range may be limited, and its end may have to lie before now.
core::window pushed_lookups::last(seconds length) const {
  const auto limits = around_.limits();
  const auto end = around_.server_now() + 1s - limits.nearest_end.value_or(0s);
  return {end - std::min(length, limits.longest_range.value_or(length)), end};
}

// Whether the account fails or this order alone shows in what has succeeded since a request failed last. Its window has
// other means to read one that the API shows as nobody understands it.
void pushed_lookups::fail(look_up_job& of, const core::error& why) {
  const auto successes = around_.turns.successes(rules_.account);
  const bool others_succeed = std::exchange(successes_, successes) != successes;
  if (stopping_ || !others_succeed || why.kind == core::failure::overloaded) {
    of.result.in_vain = true;
    give_up(why);
    return;
  }
  of.answered = may_be_the_orders_own(why.kind);
  if (!of.answered) of.result.what = finding::failed;
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
