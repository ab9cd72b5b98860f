#include "app/daemon/worker_tenure.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/demand.hpp"
#include "app/setup/wiring.hpp"
#include "core/sha256.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// Enough to tell access keys apart, and nothing to find one by.
constexpr std::size_t digest_length = 16;

std::map<std::string, std::string> key_groups_of(const config::settings& settings) {
  std::map<std::string, std::string> groups;
  for (const auto& account : settings.accounts)
    groups[account.name] = core::to_hex(core::sha256_of(account.access_key)).substr(0, digest_length);
  return groups;
}

std::size_t index_of(const config::settings& settings, const std::string& account) {
  const auto at = std::ranges::find(settings.accounts, account, &config::account::name);
  return static_cast<std::size_t>(at - settings.accounts.begin());
}

// Of all accounts, those of which nothing is known yet left out.
setup::measured_load measured_load(const daemon_state& state, double rate) {
  setup::measured_load measured;
  double requests = 0;
  int accounts = 0;
  for (const auto& each : state.accounts) {
    if (!each.live_requests) continue;
    requests += *each.live_requests;
    ++accounts;
  }
  if (accounts > 0) measured.live_requests = requests / accounts;
  if (!state.requests || !state.requests->found_per_second) return measured;
  // What was found holds for a slice.
  measured.rate_found = *state.requests->found_per_second * rate / state.requests->configured_per_second;
  return measured;
}

}  // namespace

worker_tenure::worker_tenure(const dependencies& around)
    : around_(around),
      sharing_(around.self.id, key_groups_of(around.from.settings), around.from.settings.sync.rate, around.watch),
      turns_(around.executor, setup::admission_rules_of(around.from.settings.sync)),
      trial_places_(around.executor, 2 * around.from.settings.sync.concurrency),
      quarantine_(around.executor, around.database),
      proofs_(around.executor, around.from, around.self, around.log),
      problem_keeper_(
          around.executor, around.problems, [this] { return api_states(); }, around.database),
      tasks_(around.executor, [this] { ended_.cancel(); }),
      ended_(around.executor, steady_clock::time_point::max()),
      desk_({around.executor, around.from, around.database, turns_, around.log, tasks_}),
      since_(steady_clock::now()) {
  turns_.allow(0, {});
  for (const auto& account : around_.from.settings.accounts) add_source(account.name);
  tasks_.spawn(quarantine_.run());
  tasks_.spawn(proofs_.run());
  tasks_.spawn(problem_keeper_.run());
  around_.election.work_for(key_groups_of(around_.from.settings));
}

void worker_tenure::add_source(const std::string& account) {
  desk_.add({account,
             [this, account]() -> sync::order_source* {
               auto* one = find(account);
               return one && !one->ending ? one->worker->source() : nullptr;
             },
             [this, account] {
               const auto* one = find(account);
               return one ? one->worker->limits() : sync::evidence::known_limits{};
             },
             [this, account] { return absence_of(account); },
             [this, account]() -> sync::detail_source* {
               auto* one = find(account);
               return one && !one->ending ? one->worker->details() : nullptr;
             }});
}

// Looks.

asio::awaitable<core::result<void>> worker_tenure::share(const sync::sharing::view& seen) {
  if (stopping_) co_return core::result<void>{};
  seen_ = seen;
  auto step = sharing_.saw(seen);
  use_rate();
  for (const auto& account : step.lost) {
    around_.log.write(core::severity::warning, "account_lost", {{"account", account}, {"reason", absence_of(account)}});
    end(account, false);
  }
  for (const auto& account : step.hand_over) {
    end(account, true);
    // Its work has not begun.
    if (!find(account)) step.give_back.push_back({account, {}, around_.self.id, sharing_.held().at(account)});
  }
  if (!step.give_back.empty()) {
    auto list = step.give_back;
    auto giving = around_.election.release(std::move(list));
    const auto given = co_await std::move(giving);
    if (given.has_error()) co_return given.error();
    for (const auto& each : step.give_back) sharing_.released(each.account);
  }
  const auto released = co_await release_ended();
  if (released.has_error()) co_return released.error();
  if (!step.take.empty()) {
    auto taking = take(std::move(step.take));
    const auto taken = co_await std::move(taking);
    if (taken.has_error()) co_return taken.error();
  }
  const auto begun = co_await begin_held();
  if (begun.has_error()) co_return begun.error();
  co_return co_await share_rate();
}

asio::awaitable<core::result<void>> worker_tenure::take(std::vector<sync::sharing::lease> list) {
  auto taking = around_.election.take(std::move(list));
  const auto taken = co_await std::move(taking);
  if (taken.has_error()) co_return taken.error();
  if (!stopping_) sharing_.took(*taken);
  co_return core::result<void>{};
}

// What is held, is not worked yet, and is not about to end. Reads are dated from what others have stored by now.
asio::awaitable<core::result<void>> worker_tenure::begin_held() {
  const auto missing = [&](const auto& each) { return !sharing_.leaving().contains(each.first) && !find(each.first); };
  if (stopping_ || std::ranges::none_of(sharing_.held(), missing)) co_return core::result<void>{};
  const auto time = co_await around_.election.clock();
  if (time.has_error()) co_return time.error();
  if (stopping_) co_return core::result<void>{};
  worker_dependencies of_workers{around_.executor, around_.from, around_.database,
                                 turns_,           around_.log,  setup::observation_clock(*time),
                                 around_.observers};
  of_workers.trial_places = &trial_places_;
  for (const auto& each : sharing_.held()) {
    if (!missing(each)) continue;
    const auto& [account, epoch] = each;
    around_.database.hold(account, epoch);
    turns_.welcome(account);
    auto& one = holdings_.emplace_back();
    one.account = account;
    one.epoch = epoch;
    one.worker = std::make_unique<account_worker>(of_workers, index_of(around_.from.settings, account));
    one.worker->set_jobs(jobs_);
    // One that begins anew after the database was away was not taken again.
    if (std::exchange(logged_[account], epoch) != epoch)
      around_.log.write(core::severity::info, "account_taken", {{"account", account}, {"epoch", epoch}});
    tasks_.spawn(run(one));
  }
  co_return core::result<void>{};
}

asio::awaitable<void> worker_tenure::run(holding& one) {
  co_await one.worker->run();
  one.ended = true;
  around_.log.write(core::severity::info, "account_ended", {{"account", one.account}, {"epoch", one.epoch}});
}

void worker_tenure::end(const std::string& account, bool release) {
  auto* one = find(account);
  if (!one) return;
  one->release = release;
  if (std::exchange(one->ending, true)) return;
  one->worker->stop();
  turns_.let_go(account);
}

asio::awaitable<core::result<void>> worker_tenure::release_ended() {
  std::vector<sync::sharing::lease> list;
  for (const auto& one : holdings_)
    if (one.ended && one.release) list.push_back({one.account, {}, around_.self.id, one.epoch});
  if (!list.empty()) {
    auto given = list;
    auto releasing = around_.election.release(std::move(given));
    const auto released = co_await std::move(releasing);
    if (released.has_error()) co_return released.error();
    for (const auto& each : list) {
      around_.log.write(core::severity::info, "account_released", {{"account", each.account}, {"epoch", each.epoch}});
      sharing_.released(each.account);
    }
  }
  holdings_.remove_if([&](const holding& one) {
    return one.ended &&
           (!one.release || std::ranges::find(list, one.account, &sync::sharing::lease::account) != list.end());
  });
  co_return core::result<void>{};
}

// A slice is used for less before less of it is stored, and for more once more is.
asio::awaitable<core::result<void>> worker_tenure::share_rate() {
  if (stopping_) co_return core::result<void>{};
  use_rate();
  for (auto& wish : sharing_.wishes()) {
    const auto asked = steady_clock::now();
    auto writing = around_.election.write_slice(std::move(wish));
    const auto written = co_await std::move(writing);
    if (written.has_error()) co_return written.error();
    if (stopping_) co_return core::result<void>{};
    if (*written) sharing_.granted((*written)->key_group, (*written)->per_second, (*written)->number, asked);
  }
  use_rate();
  co_return core::result<void>{};
}

void worker_tenure::use_rate() {
  if (stopping_) return;
  const auto usable = sharing_.usable();
  turns_.allow(usable.per_second, usable.until, usable.sharers);
}

// The end.

void worker_tenure::interrupt() {
  for (auto& one : holdings_)
    if (!one.ending) end(one.account, false);
}

void worker_tenure::stop() {
  stopping_ = true;
  turns_.allow(0, {});
  for (auto& one : holdings_) end(one.account, true);
  desk_.stop();
  quarantine_.stop();
  proofs_.stop();
  problem_keeper_.stop();
}

// Where the database cannot be told, others take the accounts when this process is gone.
asio::awaitable<void> worker_tenure::join() {
  const auto left = co_await around_.election.leave();
  bool gives_back = left.has_value();
  while (!tasks_.empty() || (gives_back && has_ended())) {
    if (!gives_back || !has_ended()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!gives_back) continue;
    const auto released = co_await release_ended();
    gives_back = released.has_value();
  }
  tasks_.rethrow();
}

// The work of an account that is to be given back.
bool worker_tenure::has_ended() const {
  return std::ranges::any_of(holdings_, [](const auto& one) { return one.ended && one.release; });
}

// For others.

worker_tenure::holding* worker_tenure::find(const std::string& account) {
  const auto at = std::ranges::find(holdings_, account, &holding::account);
  return at == holdings_.end() ? nullptr : &*at;
}

const worker_tenure::holding* worker_tenure::find(const std::string& account) const {
  const auto at = std::ranges::find(holdings_, account, &holding::account);
  return at == holdings_.end() ? nullptr : &*at;
}

std::string worker_tenure::absence_of(const std::string& account) const {
  const auto at = std::ranges::find(seen_.leases, account, &sync::sharing::lease::account);
  if (at == seen_.leases.end() || at->owner.empty()) return "account " + account + " has no owner at the moment";
  if (at->owner == around_.self.id) return "account " + account + " is not ready; the daemon's log says why";
  return "daemon " + at->owner + " works account " + account + "; ask it";
}

void worker_tenure::set_jobs(const std::vector<store::jobs::backfill_job>& jobs) {
  jobs_ = jobs;
  for (const auto& one : holdings_)
    if (!one.ending) one.worker->set_jobs(jobs);
}

void worker_tenure::look_for_messages() noexcept {
  for (const auto& one : holdings_) one.worker->look_for_messages();
}

bool worker_tenure::is_known(const std::string& account) const {
  if (index_of(around_.from.settings, account) < around_.from.settings.accounts.size()) return true;
  if (seen_.workers.empty()) return true;  // nobody has looked yet
  return std::ranges::any_of(seen_.workers,
                             [&](const auto& each) { return std::ranges::binary_search(each.accounts, account); });
}

bool worker_tenure::works() const {
  return std::ranges::any_of(holdings_, [](const auto& one) { return !one.ending; });
}

std::string worker_tenure::progress() const {
  std::string text;
  for (const auto& one : holdings_) {
    if (one.ending) continue;
    const auto through = one.worker->complete_through();
    text += fmt::format("; {}: {}", one.account,
                        through ? "complete through " + core::to_text(*through) : std::string{"not complete yet"});
    if (one.worker->jobs() > 0) text += fmt::format(", {} backfills", one.worker->jobs());
  }
  return text;
}

std::vector<store::reports::api_state> worker_tenure::api_states() const {
  std::vector<store::reports::api_state> states;
  for (const auto& [account, seen] : around_.requests.accounts()) {
    const auto* one = find(account);
    if (one == nullptr || one->ending) continue;
    auto& state = states.emplace_back();
    state.account = account;
    state.instance = around_.self.id;
    if (seen.average && 3 * *seen.average > around_.from.settings.api.request_timeout) state.answer = seen.average;
    if (!seen.failing()) continue;
    state.failing_since = seen.same_failure_since;
    state.failure = seen.failure;
    state.failures = seen.same_failures;
  }
  return states;
}

void worker_tenure::add_to(daemon_state& state) const {
  for (const auto& account : around_.from.settings.accounts) {
    const auto* one = find(account.name);
    state.owned[account.name] = one != nullptr && !one->ending;
    if (!state.owned[account.name]) continue;
    auto& view = state.accounts.emplace_back(one->worker->state());
    view.quarantine = quarantine_.counts_of(view.name);
    view.proof = proofs_.of(view.name);
  }
  state.works = !state.accounts.empty();
  state.worked_for = steady_clock::now() - since_;
  state.store_waiting = around_.database.waiting();
  if (!state.works) return;
  state.requests = turns_.load();
  state.demand = setup::demand_of(around_.from.settings, measured_load(state, around_.from.settings.sync.rate));
}

}  // namespace ordersync::app::daemon
