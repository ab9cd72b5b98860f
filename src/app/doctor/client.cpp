#include "app/doctor/client.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/wiring.hpp"
#include "pandapon/detail_source.hpp"
#include "pandapon/reply/trusted_time.hpp"
#include "pandapon/source.hpp"

#include <utility>

namespace ordersync::app::doctor {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// A person waits for the answer, and what is refused is what doctor is there to find out.
sync::flow::gated_requests::rules request_rules_of(const config::api_settings& api) {
  return {.timeout = api.request_timeout,
          .tries = {.retries = {.tries = 2, .last_ceiling = 1s, .overload_tries = 4},
                    .unusable_tries = 1,
                    .oversized_tries = 1,
                    .alone = sync::flow::ask_alone::never,
                    .longest_wait = 10s}};
}

}  // namespace

client::client(const asio::any_io_executor& executor, const config::settings& settings, std::string proxy_password,
               core::log& log, report_writer& notes)
    : style(setup::request_style_of(settings.api, {})),
      executor_(executor),
      settings_(settings),
      proxy_password_(std::move(proxy_password)),
      log_(log),
      notes_(notes),
      now_(setup::wall_clock()),
      turns_(executor, setup::admission_rules_of(settings.sync)),
      requests_({turns_, nullptr, setup::random_source()}, request_rules_of(settings.api)),
      probe_(pandapon::make_api_probe(executor, setup::source_settings_of(settings.api, style, proxy_password_),
                                      setup::random_source(), log)) {}

void client::stop() {
  stopping_ = true;
  requests_.stop();
  if (probe_.has_value()) (*probe_)->close();
  if (source_) source_->close();
  if (details_) details_->close();
}

// Of a request that is accepted, the time that it was signed with is right within 600 s: see trusted_time.hpp. The
// first reply is what counts.
void client::observe_date(core::instant local, core::second date, bool accepted) {
  if (ahead_) return;
  const auto ahead = std::chrono::floor<std::chrono::seconds>(local) - date;
  if (accepted) date_off_ = pandapon::reply::trusted_time_of(date, local).date_off;
  // A Date has whole seconds: less than two of them mean nothing.
  ahead_ = date_off_ || std::chrono::abs(ahead) < 2s ? 0s : ahead;
}

asio::awaitable<client::page> client::ask(pandapon::probe_question question) {
  sync::flow::gated_requests::send_once<pandapon::shown_page> once = [this, &question](time_point limit, auto) {
    return ask_once(question, limit);
  };
  sync::flow::request_label label{.account = account};
  co_return co_await requests_.send(std::move(once), std::move(label));
}

asio::awaitable<client::page> client::ask_once(pandapon::probe_question question, time_point limit) {
  ++notes_.report.calls;
  const auto sent = now_();
  const pandapon::probe_manner manner{style, who, sent - ahead_.value_or(0s)};
  auto answer = co_await (*probe_)->ask(question, manner, limit);
  if (answer.server_time) observe_date(sent + answer.took, *answer.server_time, answer.page.has_value());
  co_return std::move(answer.page);
}

core::result<void> client::begin_pages() {
  const auto settings = setup::source_settings_of(settings_.api, style, proxy_password_);
  auto clock = [this] { return now_() - ahead_.value_or(0s); };
  auto made = pandapon::make_order_source(
      executor_, settings, {[this] { return who; }, std::move(clock), now_, setup::random_source(), &log_});
  if (made.has_error()) return made.error();
  source_ = std::move(*made);
  return {};
}

asio::awaitable<core::result<void>> client::try_detail(std::string tb_order_id) {
  const auto settings = setup::source_settings_of(settings_.api, style, proxy_password_);
  auto clock = [this] { return now_() - ahead_.value_or(0s); };
  auto made =
      pandapon::make_detail_source(executor_, settings, {settings_.details.path, settings_.details.refund_path},
                                   {[this] { return who; }, std::move(clock), now_, setup::random_source(), &log_});
  if (made.has_error()) co_return made.error();
  details_ = std::move(*made);
  const auto before = requests_.calls();
  sync::flow::gated_requests::send_once<core::order_detail> once =
      [this, &tb_order_id](time_point limit, std::function<void()> received) {
        return details_->read_detail(tb_order_id, limit, std::move(received));
      };
  sync::flow::request_label label{.account = account};
  auto asked = requests_.send(std::move(once), std::move(label));
  const auto reply = co_await std::move(asked);
  notes_.report.calls += requests_.calls() - before;
  if (reply.has_error()) co_return reply.error();
  co_return core::result<void>{};
}

asio::awaitable<core::result<sync::page>> client::fetch(sync::page_request request) {
  const auto before = requests_.calls();
  sync::flow::request_label label{.account = account};
  auto reply = co_await requests_.fetch(*source_, std::move(request), std::move(label));
  notes_.report.calls += requests_.calls() - before;
  co_return reply;
}

}  // namespace ordersync::app::doctor
