#include "app/doctor_ask.hpp"

#include "app/wiring.hpp"
#include "app/world.hpp"
#include "sync/retry.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ordersync::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

pandapon::source_settings source_settings_of(const config::api_settings& api) {
  return {.base_url = base_url_of(api),
          .path = api.path,
          .ca_file = api.ca_file.string(),
          .max_response_bytes = api.max_response_bytes,
          .style = {}};
}

}  // namespace

doctor_ask::doctor_ask(const asio::any_io_executor& executor, const config::settings& settings, core::log& log,
                       doctor_notes& notes)
    : style{.unit = settings.api.timestamp_unit == config::timestamp_unit::seconds
                        ? pandapon::timestamp_unit::seconds
                        : pandapon::timestamp_unit::milliseconds,
            .unused = static_cast<pandapon::unused_filters>(settings.api.unused_filters),
            .zone_offset = settings.api.time_zone,
            .user_id_list = {}},
      settings_(settings),
      notes_(notes),
      now_(wall_clock()),
      random_(chance()),
      turns_(executor, admission_rules_of(settings.sync)),
      wait_(executor),
      probe_(pandapon::make_api_probe(executor, source_settings_of(settings.api), chance(), log)) {}

void doctor_ask::stop() {
  stopping_ = true;
  if (probe_.has_value()) (*probe_)->close();
  wait_.cancel();
}

asio::awaitable<doctor_ask::page> doctor_ask::ask(pandapon::probe_question question) {
  // A person waits for the answer.
  constexpr std::chrono::seconds longest_wait{10};
  sync::retry tries({.tries = 2, .last_ceiling = 1s, .patient_tries = 4});
  for (;;) {
    auto turn = co_await turns_.enter(sync::urgency::backfill, account);
    ++notes_.report.calls;
    const auto sent = now_();
    const pandapon::probe_manner manner{style, who, sent - ahead_.value_or(0s)};
    const auto limit = steady_clock::now() + settings_.api.request_timeout;
    auto answer = co_await (*probe_)->ask(question, manner, limit);
    turn.leave();
    if (answer.server_time && !ahead_) {
      const auto ahead = std::chrono::floor<std::chrono::seconds>(sent + answer.took) - *answer.server_time;
      // A Date has whole seconds: less than two of them mean nothing.
      ahead_ = std::chrono::abs(ahead) < 2s ? 0s : ahead;
    }
    if (answer.page.has_value()) {
      turns_.succeeded(account);
      co_return std::move(answer.page);
    }
    turns_.failed(account);
    const auto pause = stopping_ ? std::nullopt : tries.after(answer.page.error(), random_());
    if (!pause || *pause > longest_wait) co_return std::move(answer.page);
    if (answer.page.error().kind == core::failure::overloaded) turns_.throttled(account, *pause);
    wait_.expires_after(*pause);
    co_await wait_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopping_) co_return std::move(answer.page);
  }
}

}  // namespace ordersync::app
