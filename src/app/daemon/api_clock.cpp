#include "app/daemon/api_clock.hpp"

#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

api_clock::api_clock(std::string account, std::function<core::instant()> wall, core::log& log)
    : account_(std::move(account)), wall_(std::move(wall)), log_(log) {}

core::second api_clock::now() const {
  return clock_.now(steady_clock::now(), wall_());
}

void api_clock::observe(const sync::page& reply) {
  const auto local = wall_();
  if (reply.server_time) {
    clock_.observe(steady_clock::now(), *reply.server_time);
    if (reply.date) compare(local, *reply.date);
  }
  if (reply.date_off) report_wrong_date(*reply.date_off);
}

void api_clock::compare(core::instant local, core::second date) {
  // Date is no more exact.
  const auto ahead = std::chrono::round<std::chrono::seconds>(local - date);
  skew_ = std::chrono::abs(ahead) < 2s ? 0s : ahead;
  const auto off = std::chrono::abs(*skew_);
  const auto level = off > 540s ? core::severity::error : off > 60s ? core::severity::warning : core::severity::info;
  if (level == std::exchange(reported_, level)) return;
  log_.write(level, level == core::severity::info ? "clock_right_again" : "clock_skewed",
             {{"account", account_},
              {"ahead", *skew_},
              {"reason", "this machine's clock differs from the API's; the API refuses requests that are 600 s off"}});
}

// One that alternates must not fill the log.
void api_clock::report_wrong_date(std::chrono::seconds ahead) {
  const auto now = steady_clock::now();
  if (now < wrong_date_silent_until_) return;
  wrong_date_silent_until_ = now + 1h;
  log_.write(core::severity::warning, "api_date_wrong",
             {{"account", account_},
              {"ahead", -ahead},
              {"reason", "ignoring the API's Date header: the API accepts requests signed with this machine's clock"}});
}

asio::awaitable<core::result<sync::page>> clock_tracking_source::fetch(sync::page_request request,
                                                                       steady_clock::time_point deadline) {
  auto reply = co_await inner_.fetch(std::move(request), deadline);
  if (reply.has_value()) clock_.observe(*reply);
  co_return reply;
}

asio::awaitable<core::result<sync::page>> clock_tracking_source::look_up(std::string tb_order_id, core::window around,
                                                                         steady_clock::time_point deadline,
                                                                         std::function<void()> received) {
  return inner_.look_up(std::move(tb_order_id), around, deadline, std::move(received));
}

}  // namespace ordersync::app::daemon
