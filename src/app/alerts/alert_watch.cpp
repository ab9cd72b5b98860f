#include "app/alerts/alert_watch.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/wiring.hpp"
#include "config/webhook.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ordersync::app::alerts {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

using store::alerts::sent_alert;

constexpr std::chrono::milliseconds longest_rest{10'000};

std::optional<config::alert_kind> kind_named(std::string_view word) {
  using enum config::alert_kind;
  for (const auto kind : {gap, behind, refused, database, silent})
    if (word == config::name(kind)) return kind;
  return std::nullopt;
}

std::vector<sent_record> records_of(const std::vector<sent_alert>& all, const std::string& webhook) {
  std::vector<sent_record> list;
  for (const auto& one : all)
    if (const auto kind = kind_named(one.kind); kind && one.webhook == webhook)
      list.push_back({{*kind, one.account}, one.since, one.sent_at, one.ended_at});
  return list;
}

std::vector<sent_alert> rows_of(const std::vector<sent_record>& records, const std::string& webhook) {
  std::vector<sent_alert> rows;
  for (const auto& one : records)
    rows.push_back({webhook, config::name(one.name.kind), one.name.account, one.since, one.sent_at, one.ended_at});
  return rows;
}

std::string kinds_of(const message& m) {
  std::vector<std::string> kinds;
  for (const auto& one : m.problems) kinds.emplace_back(config::name(one.kind));
  return fmt::format("{}", fmt::join(kinds, " "));
}

}  // namespace

struct alert_watch::channel {
  std::string name;
  std::chrono::milliseconds settle{};
  alert_engine engine;
  std::unique_ptr<outbox> out;
  std::optional<std::vector<sent_record>> kept;  // as the database has it; none: not known
};

alert_watch::alert_watch(surroundings around, const setup::configuration& from)
    : around_(std::move(around)),
      now_(setup::wall_clock()),
      rest_(around_.executor),
      ended_(around_.executor, steady_clock::time_point::max()),
      tasks_(around_.executor, [this] { ended_.cancel(); }) {
  open(from);
  tasks_.spawn(run());
}

alert_watch::~alert_watch() = default;

void alert_watch::open(const setup::configuration& from) {
  channel_list fresh;
  for (std::size_t i = 0; i < from.settings.alerts.size(); ++i)
    if (auto one = open_channel(from, i)) fresh.push_back(std::move(one));
  for (const auto& former : channels_) former->out->stop();
  channels_ = std::move(fresh);
  if (sent_) sent_->close();
  sent_.reset();
  recalled_ = false;
  if (channels_.empty()) return;
  auto settings = setup::store_settings_of(from);
  settings.instance = around_.self.id;
  sent_ = store::alerts::make_sent_alerts(settings, around_.log);
}

// What a former one has sent is known to the one that takes its place.
std::shared_ptr<alert_watch::channel> alert_watch::open_channel(const setup::configuration& from, std::size_t index) {
  const auto& alert = from.settings.alerts[index];
  auto sender = origin_of(from, around_.self.host, around_.self.version);
  auto to = webhook::make(around_.executor, from, index, std::move(sender));
  if (to.has_error()) {
    around_.log.write(core::severity::warning, "alert_failed",
                      {{"webhook", alert.webhook.text}, {"reason", to.error().what}});
    return nullptr;
  }
  const engine_rules rules{.on = alert.on, .settle = alert.settle};
  auto made =
      std::make_shared<channel>(channel{alert.webhook.text, alert.settle, alert_engine(rules), nullptr, std::nullopt});
  const auto former = std::ranges::find(channels_, made->name, [](const auto& one) { return one->name; });
  if (former != channels_.end()) {
    made->engine = (*former)->engine;
    made->engine.use(rules);
    made->engine.forget_sending();
  }
  const std::weak_ptr<channel> self = made;
  made->out = std::make_unique<outbox>(
      around_.executor, std::move(*to), around_.sending, now_,
      [self](const message& m) {
        const auto of = self.lock();
        return of ? of->engine.still_true(m) : std::nullopt;
      },
      [this, self](const message& m, const delivery& outcome, int tries) {
        if (const auto of = self.lock()) conclude(*of, m, outcome, tries);
      });
  // It lives for as long as it sends.
  tasks_.spawn([](std::shared_ptr<channel> of) -> asio::awaitable<void> { co_await of->out->run(); }(made));
  return made;
}

void alert_watch::conclude(channel& of, const message& m, const delivery& outcome, int tries) {
  const bool delivered = outcome.state == delivery_state::accepted;
  const auto* format = config::name(of.out->to().format());
  of.engine.conclude(m, delivered, now_());
  around_.observers.alert_sent({.format = format, .delivered = delivered});
  if (delivered)
    around_.log.write(core::severity::info, "alert_sent",
                      {{"webhook", of.name}, {"state", name(m.state)}, {"kinds", kinds_of(m)}, {"tries", tries}});
  else
    around_.log.write(core::severity::warning, "alert_failed",
                      {{"webhook", of.name},
                       {"state", name(m.state)},
                       {"kinds", kinds_of(m)},
                       {"tries", tries},
                       {"reason", outcome.reason}});
  rest_.cancel();  // what was sent is to be kept soon
}

void alert_watch::reconfigure(const setup::configuration& from) {
  if (stopping_) return;
  open(from);
  rest_.cancel();
}

asio::awaitable<void> alert_watch::run() {
  while (!stopping_) {
    auto length = longest_rest;
    for (const auto& one : channels_) length = std::min(length, std::max(around_.least_rest, one->settle / 4));
    rest_.expires_after(length);
    co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!stopping_ && !channels_.empty()) co_await look_once();
  }
}

asio::awaitable<void> alert_watch::look_once() {
  auto looking = around_.look_at();
  const auto seen = co_await std::move(looking);
  if (stopping_ || !seen.known || !note_role(seen)) co_return;
  if (!seen.seen.database_alone && !recalled_) {
    auto recalling = recall();
    if (!co_await std::move(recalling)) co_return;
  }
  if (stopping_) co_return;
  step(seen.seen);
  if (!seen.seen.database_alone) co_await keep();
}

// Whether this daemon is the one that reports what it sees.
bool alert_watch::note_role(const sighting& seen) {
  if (!seen.database_fails) {
    saw_database_ = true;
    led_last_ = seen.leads || (led_last_ && !seen.another_leads);
  }
  if (seen.leads) return true;
  if (seen.database_fails) return led_last_ || !saw_database_;
  if (!seen.another_leads) return false;
  recalled_ = false;
  bool owes = false;
  for (const auto& one : channels_) {
    one->engine.forget_all_but_database();
    one->kept.reset();
    owes = owes || one->engine.owes_database();
  }
  return owes;
}

asio::awaitable<bool> alert_watch::recall() {
  const auto from = sent_;
  const auto list = channels_;
  auto reading = from->read();
  const auto all = co_await std::move(reading);
  if (all.has_error() || from != sent_) co_return false;
  for (const auto& one : list) {
    one->kept = records_of(*all, one->name);
    one->engine.restore(*one->kept);
  }
  recalled_ = true;
  co_return true;
}

// Where that fails, the next look tries again.
asio::awaitable<void> alert_watch::keep() {
  const auto to = sent_;
  const auto list = channels_;
  for (const auto& one : list) {
    auto now_sent = one->engine.sent();
    if (one->kept && *one->kept == now_sent) continue;
    auto rows = rows_of(now_sent, one->name);
    auto writing = to->replace(one->name, std::move(rows));
    const auto written = co_await std::move(writing);
    if (written.has_value()) one->kept = std::move(now_sent);
  }
}

void alert_watch::step(const observation& seen) {
  for (const auto& one : channels_) {
    auto due = one->engine.step(seen);
    one->out->review();
    for (auto& m : due) one->out->post(std::move(m));
  }
}

void alert_watch::close() noexcept {
  stopping_ = true;
  for (const auto& one : channels_) one->out->stop();
  if (sent_) sent_->close();
  rest_.cancel();
}

void alert_watch::cut() noexcept {
  if (sent_) sent_->cut();
}

asio::awaitable<void> alert_watch::join() {
  while (!tasks_.empty()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  tasks_.rethrow();
}

}  // namespace ordersync::app::alerts
