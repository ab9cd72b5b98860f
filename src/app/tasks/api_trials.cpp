#include "app/tasks/api_trials.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/wiring.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// Orders of the mirror that a trial is given to ask by.
constexpr int stored_for_trials = 6;

sync::flow::gated_requests::rules request_rules_of(const api_trials::dependencies& around) {
  sync::flow::gated_requests::rules rules{.timeout = around.from.settings.api.request_timeout, .how = around.how};
  // A trial asks for more than may be allowed, often with nothing beside it anyway.
  rules.tries.alone = sync::flow::ask_alone::always;
  rules.tries.gives_up_alone = false;
  rules.tries.retries.outlast = around.outlast;
  if (around.outlast) rules.tries.retries.last_ceiling = 5s;
  return rules;
}

void set(sync::evidence::known_limits& limits, const store::coverage::api_limit& stored) {
  if (stored.name == "longest_range") limits.longest_range = std::chrono::seconds{stored.value};
  if (stored.name == "nearest_end") limits.nearest_end = std::chrono::seconds{stored.value};
  if (stored.name == "page_size") limits.page_size = static_cast<int>(stored.value);
  if (stored.name == "depth") limits.depth = stored.value;
  if (stored.name == "total") limits.total = stored.value;
  if (stored.name == "by_status") limits.by_status = stored.value != 0;
}

void overrule(sync::evidence::known_limits& limits, const sync::evidence::known_limits& by_hand) {
  if (by_hand.longest_range) limits.longest_range = by_hand.longest_range;
  if (by_hand.nearest_end) limits.nearest_end = by_hand.nearest_end;
  if (by_hand.page_size) limits.page_size = by_hand.page_size;
  if (by_hand.total) limits.total = by_hand.total;
}

}  // namespace

api_trials::api_trials(dependencies around, std::size_t index)
    : around_(std::move(around)),
      index_(index),
      random_(setup::random_source()),
      requests_({around_.turns, &around_.log, random_}, request_rules_of(around_)),
      by_hand_(setup::known_limits_of(around_.from.settings.api)),
      known_(setup::evidence_rules_of(around_.from.settings), by_hand_) {}

const std::string& api_trials::account() const {
  return around_.from.settings.accounts[index_].name;
}

asio::awaitable<core::result<void>> api_trials::load() {
  const auto stored = co_await around_.database.trials().limits(account());
  if (stored.has_error()) co_return stored.error();
  for (const auto& limit : *stored) {
    set(known_.limits(), limit);
    reported_limits_[limit.name] = limit.value;
  }
  overrule(known_.limits(), by_hand_);
  co_return core::result<void>{};
}

asio::awaitable<core::result<std::vector<sync::evidence::witness>>> api_trials::stored_orders(int count) {
  const auto held = co_await around_.database.trials().known_orders(account(), count, random_());
  if (held.has_error()) co_return held.error();
  std::vector<sync::evidence::witness> orders;
  for (const auto& order : *held) {
    auto w = sync::evidence::make_witness(order.id, order.tb_order_id, order.created_at, order.tb_created_at,
                                          order.order_status);
    if (w) orders.push_back(std::move(*w));
  }
  co_return orders;
}

asio::awaitable<core::result<sync::page>> api_trials::ask(sync::order_source& source, sync::page_request request) {
  sync::flow::request_label label{.account = account()};
  return requests_.fetch(source, std::move(request), std::move(label));
}

void api_trials::stop() noexcept {
  requests_.stop();
}

asio::awaitable<core::result<api_trials::retracted>> api_trials::perform_due(sync::order_source& source,
                                                                             core::window range) {
  const auto now = around_.observed_now();
  const bool whole = known_.trial_due(now);
  if (range.empty() || (!whole && !known_.filter_trial_due(now))) co_return retracted{};
  co_return co_await perform(source, whole ? std::optional(range) : std::nullopt);
}

asio::awaitable<core::result<api_trials::retracted>> api_trials::perform_again(sync::order_source& source,
                                                                               core::window range) {
  return perform(source, range);
}

asio::awaitable<core::result<api_trials::retracted>> api_trials::confirm(sync::order_source& source) {
  return perform(source, std::nullopt);
}

// Of the range everything; of none the filter alone.
asio::awaitable<core::result<api_trials::retracted>> api_trials::perform(sync::order_source& source,
                                                                         std::optional<core::window> range) {
  auto stored = co_await stored_orders(stored_for_trials);
  if (stored.has_error()) co_return stored.error();
  sync::trials::page_fetcher fetcher = [this, &source](sync::page_request request) {
    return ask(source, std::move(request));
  };
  const sync::trials::trial_rules rules{.page_size = around_.from.settings.sync.page_size,
                                        .max_orders = around_.from.settings.sync.max_window_orders,
                                        .by_hand = by_hand_,
                                        .together = around_.from.settings.sync.concurrency};
  sync::trials::trial trial(std::move(fetcher), around_.observed_now, known_, rules);
  core::result<sync::trials::trial_report> report{sync::trials::trial_report{}};
  if (range)
    report = co_await trial.all(*range, std::move(*stored));
  else
    report = co_await trial.filter(std::move(*stored));
  if (report.has_error()) co_return report.error();
  auto found = std::move(*report);
  co_return co_await conclude(std::move(found), range.has_value());
}

asio::awaitable<core::result<api_trials::retracted>> api_trials::conclude(sync::trials::trial_report report,
                                                                          bool whole) {
  retracted all;
  for (const auto& limit : report.limits) {
    const auto kept = co_await keep(limit);
    if (kept.has_error()) co_return kept.error();
  }
  const auto learnt = co_await keep_learnt();
  if (learnt.has_error()) co_return learnt.error();
  for (auto& wrong : report.contradictions) {
    // What was proven before the filter last held was proven by a filter that held.
    const auto since = wrong.way == "filter" && known_.filter_held_at() ? known_.filter_held_at() : std::nullopt;
    auto what = wrong;
    auto fell = co_await contradict(std::move(what), since);
    if (fell.has_error()) co_return fell.error();
    all.insert(all.end(), fell->begin(), fell->end());
  }
  if (whole && report.open != reported_) {
    reported_ = report.open;
    around_.log.write(report.open.empty() ? core::severity::info : core::severity::warning,
                      report.open.empty() ? "api_tried" : "api_trial_incomplete",
                      {{"account", account()}, {"requests", report.calls}, {"reason", report.open}});
  }
  co_return all;
}

asio::awaitable<core::result<api_trials::retracted>> api_trials::contradict(sync::trials::contradiction what,
                                                                            std::optional<core::instant> proven_since) {
  store::coverage::contradiction stored{.way = what.way,
                                        .range = what.range,
                                        .expected = what.expected,
                                        .found = what.found,
                                        .reason = what.reason,
                                        .proven_since = proven_since,
                                        .longer_than = what.longer_than};
  auto fell = co_await around_.database.trials().retract(account(), std::move(stored));
  if (fell.has_error()) co_return fell.error();
  std::chrono::seconds length{0};
  for (const auto& w : *fell) length += w.length();
  if (length.count() > 0) {
    around_.log.write(core::severity::warning, "proof_retracted",
                      {{"account", account()},
                       {"way", what.way},
                       {"expected", what.expected},
                       {"found", what.found},
                       {"length", length},
                       {"reason", what.reason}});
  }
  co_return std::move(*fell);
}

asio::awaitable<core::result<void>> api_trials::keep(const sync::evidence::learnt_limit& limit) {
  const auto said = reported_limits_.find(limit.name);
  const bool news = said == reported_limits_.end() || said->second != limit.value;
  reported_limits_[limit.name] = limit.value;
  if (news) {
    around_.log.write(
        limit.value ? core::severity::warning : core::severity::info,
        limit.value ? "api_limit_found" : "api_limit_gone",
        {{"account", account()}, {"limit", limit.name}, {"value", limit.value}, {"reason", limit.found_by}});
  }
  if (!limit.value) co_return co_await around_.database.trials().drop_limit(account(), limit.name);
  const auto now = around_.observed_now();
  store::coverage::api_limit stored{
      .name = limit.name, .value = *limit.value, .since = now, .tried_at = now, .found_by = limit.found_by};
  co_return co_await around_.database.trials().set_limit(account(), std::move(stored));
}

asio::awaitable<core::result<void>> api_trials::keep_learnt() {
  const auto learnt = known_.take_learnt();
  for (const auto& limit : learnt) {
    const auto kept = co_await keep(limit);
    if (kept.has_error()) co_return kept.error();
  }
  co_return core::result<void>{};
}

}  // namespace ordersync::app::tasks
