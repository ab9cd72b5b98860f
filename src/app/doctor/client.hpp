#pragma once
// One request of `doctor` after the other: within sync.rate, tried once more where the failure may pass, counted. How
// it is asked is varied by whoever looks.
//
// One I/O thread. What is given outlives it.

#include "app/doctor/report.hpp"
#include "config/settings.hpp"
#include "core/log.hpp"
#include "pandapon/probe.hpp"
#include "sync/detail_source.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/ports.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ordersync::app::doctor {

class client {
 public:
  using page = core::result<pandapon::shown_page>;

  client(const boost::asio::any_io_executor& executor, const config::settings& settings, std::string proxy_password,
         core::log& log, report_writer& notes);
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  // failure::input where a setting cannot be used.
  const core::result<std::unique_ptr<pandapon::api_probe>>& probe() const noexcept { return probe_; }

  boost::asio::awaitable<page> ask(pandapon::probe_question question);
  // As the mirror asks, for whom and how it is asked at that time: begin_pages() first.
  core::result<void> begin_pages();
  boost::asio::awaitable<core::result<sync::page>> fetch(sync::page_request request);

  // Whether the detail of an order can be read, by its number at 1688. One after the other.
  boost::asio::awaitable<core::result<void>> try_detail(std::string tb_order_id);

  // Ends what is asked, and refuses what follows.
  void stop();
  bool stopping() const noexcept { return stopping_; }

  core::instant now() const { return now_(); }
  // This machine's clock, ahead of the server's: what is asked is signed with the server's time. None: no reply had it.
  std::optional<std::chrono::seconds> ahead() const noexcept { return ahead_; }
  // How far the Date header is ahead of this machine's clock, by which a request was signed and accepted: so the header
  // is wrong.
  std::optional<std::chrono::seconds> date_off() const noexcept { return date_off_; }
  core::second server_now() const {
    return std::chrono::floor<std::chrono::seconds>(now_() - ahead_.value_or(std::chrono::seconds{0}));
  }

  // How it is asked.
  pandapon::request_style style;
  pandapon::credentials who;
  std::string account;

 private:
  using time_point = std::chrono::steady_clock::time_point;

  void observe_date(core::instant local, core::second date, bool accepted);
  boost::asio::awaitable<page> ask_once(pandapon::probe_question question, time_point limit);

  boost::asio::any_io_executor executor_;
  const config::settings& settings_;
  std::string proxy_password_;
  core::log& log_;
  report_writer& notes_;
  std::function<core::instant()> now_;
  sync::flow::request_gate turns_;
  sync::flow::gated_requests requests_;
  core::result<std::unique_ptr<pandapon::api_probe>> probe_;
  std::unique_ptr<sync::order_source> source_;
  std::unique_ptr<sync::detail_source> details_;
  std::optional<std::chrono::seconds> ahead_;
  std::optional<std::chrono::seconds> date_off_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::doctor
