#include "app/doctor/client.hpp"

#include "app/setup/wiring.hpp"
#include "app/setup/world.hpp"
#include "pandapon/believed_time.hpp"
#include "pandapon/source.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ordersync::app::doctor {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

const sync::retry_rules patience{.tries = 2, .last_ceiling = 1s, .patient_tries = 4};

}  // namespace

client::client(const asio::any_io_executor& executor, const config::settings& settings, core::log& log,
               report_writer& notes)
    : style(setup::request_style_of(settings.api, {})),
      executor_(executor),
      settings_(settings),
      log_(log),
      notes_(notes),
      now_(setup::wall_clock()),
      random_(setup::chance()),
      turns_(executor, setup::admission_rules_of(settings.sync)),
      wait_(executor),
      probe_(pandapon::make_api_probe(executor, setup::source_settings_of(settings.api, style), setup::chance(), log)) {}

void client::stop() {
  stopping_ = true;
  if (probe_.has_value()) (*probe_)->close();
  if (source_) source_->close();
  wait_.cancel();
}

// Of a request that is accepted, the time that it was signed with is right within 600 s: see believed_time.hpp. The
// first reply is what counts.
void client::hear_date(core::instant local, core::second told, bool accepted) {
  if (ahead_) return;
  const auto ahead = std::chrono::floor<std::chrono::seconds>(local) - told;
  if (accepted) date_off_ = pandapon::believe(told, local).date_off;
  // A Date has whole seconds: less than two of them mean nothing.
  ahead_ = date_off_ || std::chrono::abs(ahead) < 2s ? 0s : ahead;
}

// Whether what failed is to be asked again, once that was waited for.
asio::awaitable<bool> client::try_again(core::error why, sync::retry& tries) {
  // A person waits for the answer.
  constexpr std::chrono::seconds longest_wait{10};
  turns_.failed(account);
  const auto pause = stopping_ ? std::nullopt : tries.after(why, random_());
  if (!pause || *pause > longest_wait) co_return false;
  if (why.kind == core::failure::overloaded) turns_.throttled(account, *pause);
  wait_.expires_after(*pause);
  co_await wait_.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return !stopping_;
}

asio::awaitable<client::page> client::ask(pandapon::probe_question question) {
  sync::retry tries(patience);
  for (;;) {
    auto turn = co_await turns_.enter(sync::urgency::backfill, account);
    ++notes_.report.calls;
    const auto sent = now_();
    const pandapon::probe_manner manner{style, who, sent - ahead_.value_or(0s)};
    const auto limit = steady_clock::now() + settings_.api.request_timeout;
    auto answer = co_await (*probe_)->ask(question, manner, limit);
    turn.leave();
    if (answer.server_time) hear_date(sent + answer.took, *answer.server_time, answer.page.has_value());
    if (answer.page.has_value()) {
      turns_.succeeded(account);
      co_return std::move(answer.page);
    }
    auto why = answer.page.error();
    const bool again = co_await try_again(std::move(why), tries);
    if (!again) co_return std::move(answer.page);
  }
}

core::result<void> client::begin_pages() {
  const auto settings = setup::source_settings_of(settings_.api, style);
  auto clock = [this] { return now_() - ahead_.value_or(0s); };
  auto made = pandapon::make_order_source(executor_, settings,
                                          {[this] { return who; }, std::move(clock), now_, setup::chance(), &log_});
  if (made.has_error()) return made.error();
  source_ = std::move(*made);
  return {};
}

asio::awaitable<core::result<sync::page>> client::fetch(sync::page_request request) {
  sync::retry tries(patience);
  for (;;) {
    auto turn = co_await turns_.enter(sync::urgency::backfill, account);
    ++notes_.report.calls;
    auto copy = request;
    const auto limit = steady_clock::now() + settings_.api.request_timeout;
    auto reply = co_await source_->fetch(std::move(copy), limit);
    turn.leave();
    if (reply.has_value()) {
      turns_.succeeded(account);
      co_return reply;
    }
    auto why = reply.error();
    const bool again = co_await try_again(std::move(why), tries);
    if (!again) co_return reply;
  }
}

}  // namespace ordersync::app::doctor
