#pragma once
// One call of the API, whatever it asks for: signed with the account's credentials of that moment, sent, answered. One
// I/O thread.

#include "core/error.hpp"
#include "core/time.hpp"
#include "pandapon/http/http_reply.hpp"
#include "pandapon/http/https_client.hpp"
#include "pandapon/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ordersync::pandapon {

// What every call of a source needs and keeps alive.
struct call_state {
  source_settings settings;
  source_ports ports;
  std::shared_ptr<http::https_client> client;
};

// failure::input where a setting cannot be used.
core::result<std::shared_ptr<const call_state>> make_call_state(boost::asio::any_io_executor executor,
                                                                const source_settings& settings, source_ports ports);

struct api_call {
  std::string path;  // with its query string
  std::string body;
  std::function<void()> received{};  // see sync::page_request
  http::time_limit deadline{};
  std::string window_name{};  // for the log
};

// The reply, not yet judged.
struct api_answer {
  http::http_reply reply;
  core::instant observed{};  // when the call was signed, by the clock that dates observations
  core::instant local{};  // by this machine's clock when the reply had come; no later than the API's acceptance shows
};

boost::asio::awaitable<core::result<api_answer>> make_call(std::shared_ptr<const call_state> state, api_call call);

// What became of a call. A refusal may be the clock's fault: the API takes no request whose time is 600 s off its own
// clock. Nearly so much is reported as the cause, whatever the API says.
core::error blame_clock(core::error why, const api_answer& answer);

}  // namespace ordersync::pandapon
