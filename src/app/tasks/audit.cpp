#include "app/tasks/audit.hpp"

#include "app/setup/clock_and_random.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;
using std::chrono::seconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr std::array names{"slice", "status", "page_size", "number"};
constexpr seconds shortest_slice = 2s;
constexpr seconds longest_slice = std::chrono::days{30};
// Slices with more orders are left to windows: comparing them would take the database's time.
constexpr std::int64_t most_orders = 2'000;
// Read whole in odd pages.
constexpr std::int64_t most_read = 150;
// Around the ends of a window the API may show orders of its neighbours, or not show its own.
constexpr seconds doubtful_edge = 2s;
// An order may be listed later than it was created: what is younger than this may be late; that is no error of the
// API's.
constexpr seconds late = std::chrono::days{1};
// Where nothing is to be checked, look again after this.
constexpr std::chrono::seconds idle = 10s;

std::int64_t about(const std::vector<store::maintenance::held_order>& held, const core::window& window) {
  const core::window wide{window.begin - doubtful_edge, window.end + doubtful_edge};
  return std::ranges::count_if(held, [&](const store::maintenance::held_order& o) {
    return (o.created_at && wide.contains(*o.created_at)) || (o.tb_created_at && wide.contains(*o.tb_created_at));
  });
}

}  // namespace

audit::audit(dependencies around, std::size_t index)
    : around_(std::move(around)), index_(index), random_(setup::random_source()), pause_(around_.executor) {}

const std::string& audit::account() const {
  return around_.from.settings.accounts[index_].name;
}

void audit::stop() noexcept {
  stopping_ = true;
  pause_.cancel();
}

// So many calls are to be a share of all that the accounts may send together.
std::chrono::nanoseconds audit::pause_after(std::int64_t calls) const {
  const auto& sync = around_.from.settings.sync;
  const auto accounts = static_cast<double>(around_.from.settings.accounts.size());
  const auto each = std::chrono::duration<double>(accounts / std::max(1e-6, sync.audit * sync.rate));
  const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(each * std::max<std::int64_t>(1, calls));
  return calls == 0 ? std::max<std::chrono::nanoseconds>(wait, idle) : wait;
}

asio::awaitable<void> audit::run() {
  std::int64_t calls = 1;
  while (!stopping_ && around_.from.settings.sync.audit > 0) {
    pause_.expires_after(pause_after(calls));
    co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopping_) break;
    const auto done = co_await perform_next();
    calls = done.has_value() ? *done : 0;
  }
}

// The part of what is proven in which the order lies, of a random length, and old enough to be settled.
std::optional<core::window> audit::proven_around(const core::window& created, seconds longest) const {
  const auto& live = around_.from.settings.sync.live;
  const auto youngest = around_.server_now() - std::chrono::ceil<seconds>(live.overlap + 2 * live.settle);
  for (const auto& proven : around_.proven()) {
    if (created.begin < proven.begin || created.end > std::min(proven.end, youngest)) continue;
    const auto most =
        std::max<double>(static_cast<double>(shortest_slice.count()), static_cast<double>(longest.count()));
    const auto share = static_cast<double>(random_() % 1'000) / 1'000;
    const seconds length{static_cast<std::int64_t>(std::pow(most, share)) + shortest_slice.count()};
    const seconds before{static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(length.count()))};
    const core::window slice{std::max(proven.begin, created.begin - before),
                             std::min({proven.end, youngest, created.end + (length - before)})};
    return slice;
  }
  return std::nullopt;
}

audit::answer<std::int64_t> audit::perform_next() {
  const auto& known = around_.trials.known();
  const auto longest = known.longest_window(around_.trials.observed_now());
  if (!known.tried_at() || !known.filter_reason().empty() || !longest) co_return 0;
  const auto orders = co_await around_.trials.stored_orders(2);
  if (orders.has_error()) co_return orders.error();
  if (orders->empty()) co_return 0;
  check next{.how = static_cast<way>(performed_++ % names.size()), .order = orders->back()};
  const auto window = proven_around(next.order.created, std::min(*longest, longest_slice));
  if (!window) co_return 0;
  next.window = *window;
  const auto performed = co_await perform(next);
  if (performed.has_error()) co_return performed.error();
  const auto calls = next.calls;
  const auto concluded = co_await conclude(std::move(next));
  if (concluded.has_error()) co_return concluded.error();
  co_return calls;
}

// What contradicts is asked once more.
audit::answer<void> audit::perform(check& of) {
  for (int tries = 0; tries < 2; ++tries) {
    of.wrong.clear();
    core::result<void> done{};
    switch (of.how) {
      case way::slice:
        done = co_await compare_count(of);
        break;
      case way::statuses:
        done = co_await compare_statuses(of);
        break;
      case way::page_size:
        done = co_await compare_pages(of);
        break;
      case way::number:
        done = co_await compare_number(of);
        break;
    }
    if (done.has_error() || of.wrong.empty()) co_return done;
  }
  co_return core::result<void>{};
}

audit::answer<std::int64_t> audit::count(check& of, std::optional<int> status) {
  sync::page_request request{.window = of.window, .page = 1, .page_size = 1, .status = status};
  ++of.calls;
  const auto page = co_await around_.trials.ask(around_.source, std::move(request));
  if (page.has_error()) co_return page.error();
  co_return page->total;
}

audit::answer<std::int64_t> audit::count(check& of) {
  const auto statuses = around_.trials.known().statuses_to_ask();
  if (statuses.empty()) co_return co_await count(of, std::nullopt);
  std::int64_t sum = 0;
  for (const int status : statuses) {
    const auto one = co_await count(of, status);
    if (one.has_error()) co_return one.error();
    sum += *one;
  }
  co_return sum;
}

audit::answer<std::vector<store::maintenance::held_order>> audit::held(const core::window& window) {
  return around_.database.maintenance().held(window, 10min);
}

// The mirror must hold what the API counts in any window within proven time.
audit::answer<void> audit::compare_count(check& of) {
  const auto found = co_await count(of);
  if (found.has_error()) co_return found.error();
  of.found = *found;
  if (of.found > most_orders) co_return core::result<void>{};
  const auto stored = co_await held(of.window);
  if (stored.has_error()) co_return stored.error();
  of.expected = of.orders = about(*stored, of.window);
  if (of.found > of.expected)
    of.wrong = fmt::format("the API counts {} orders in {}, but the mirror has only {} around that time", of.found,
                           core::to_text(of.window), of.expected);
  co_return core::result<void>{};
}

// Lists without a status must show as many orders as the lists of all statuses.
audit::answer<void> audit::compare_statuses(check& of) {
  if (around_.trials.known().limits().by_status) co_return co_await compare_count(of);
  const auto plain = co_await count(of, std::nullopt);
  if (plain.has_error()) co_return plain.error();
  of.expected = of.orders = *plain;
  of.found = 0;
  const auto statuses = around_.trials.known().known_statuses();
  for (const int status : statuses) {
    const auto one = co_await count(of, status);
    if (one.has_error()) co_return one.error();
    // A filter that is not applied says nothing.
    if (*one > 0 && *one == *plain && of.found > 0) co_return core::result<void>{};
    of.found += *one;
  }
  if (of.found <= of.expected) co_return core::result<void>{};
  const auto again = co_await count(of, std::nullopt);
  if (again.has_error()) co_return again.error();
  if (of.found > *again)
    of.wrong = fmt::format("the API counts {} orders in {} without a status filter, but {} over all statuses", *again,
                           core::to_text(of.window), of.found);
  co_return core::result<void>{};
}

// Every order that another page size shows must be in the mirror.
audit::answer<void> audit::compare_pages(check& of) {
  constexpr std::array sizes{7, 11, 13, 17};
  const int size = std::min(sizes[random_() % sizes.size()], around_.from.settings.sync.page_size);
  std::vector<std::int64_t> ids;
  for (int number = 1; number <= most_read / size + 1; ++number) {
    sync::page_request request{.window = of.window, .page = number, .page_size = size};
    ++of.calls;
    const auto page = co_await around_.trials.ask(around_.source, std::move(request));
    if (page.has_error()) co_return page.error();
    // As a slice it can be compared all the same.
    if (page->total > most_read) co_return co_await compare_count(of);
    const auto before = ids.size();
    for (const auto& order : page->orders) ids.push_back(order.id);
    if (ids.size() == before || static_cast<std::int64_t>(ids.size()) >= page->total) break;
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  of.found = static_cast<std::int64_t>(ids.size());
  const auto stored = co_await around_.database.maintenance().held(ids);
  if (stored.has_error()) co_return stored.error();
  of.expected = of.orders = static_cast<std::int64_t>(stored->size());
  if (of.expected < of.found)
    of.wrong = fmt::format("in pages of {} the API returns {} orders in {}, but the mirror has only {} of them", size,
                           of.found, core::to_text(of.window), of.expected);
  co_return core::result<void>{};
}

// An order of the mirror is looked up; what is shown is the same as in its window, or newer. That it is not shown is no
// contradiction: orders vanish, and their windows find that.
audit::answer<void> audit::compare_number(check& of) {
  of.expected = of.orders = 1;
  of.found = 0;
  of.window = of.order.created;
  ++of.calls;
  std::function<void()> received = [] {};
  const auto around = sync::range_around(of.order.created.begin);
  const auto deadline = steady_clock::now() + around_.from.settings.api.request_timeout;
  auto number = of.order.tb_order_id;
  const auto reply = co_await around_.source.look_up(std::move(number), around, deadline, std::move(received));
  if (reply.has_error()) co_return reply.error();
  of.found = reply->total;
  co_return core::result<void>{};
}

audit::answer<void> audit::conclude(check of) {
  const bool wrong = !of.wrong.empty();
  const auto* const name = names.at(static_cast<std::size_t>(of.how));
  store::coverage::audit_counts counts{.way = name,
                                       .checks = 1,
                                       .calls = of.calls,
                                       .orders = of.orders,
                                       .seconds = of.window.length().count(),
                                       .contradictions = wrong ? 1 : 0};
  const auto counted = co_await around_.database.trials().count_audit(account(), std::move(counts));
  if (counted.has_error() || !wrong) co_return counted;
  around_.log.write(core::severity::warning, "audit_contradicts",
                    {{"account", account()},
                     {"way", name},
                     {"range", core::to_text(of.window)},
                     {"expected", of.expected},
                     {"found", of.found},
                     {"reason", of.wrong}});
  // Nobody knows yet why. What is young may be late; else nothing that was proven by counting windows can be trusted.
  const bool young = of.window.end > around_.server_now() - late;
  const bool wants_statuses = of.how == way::statuses;
  sync::trials::contradiction what{
      .way = name, .expected = of.expected, .found = of.found, .reason = "an audit: " + of.wrong};
  if (young && !wants_statuses) what.range = of.window;
  auto fell = co_await around_.trials.contradict(std::move(what));
  if (fell.has_error()) co_return fell.error();
  around_.taken_back(*fell);
  around_.trials.known().forget();
  co_return core::result<void>{};
}

}  // namespace ordersync::app::tasks
