#pragma once
// The API as the engine's source of orders: request, exchange, verdict, page.

#include "core/error.hpp"
#include "core/https_url.hpp"
#include "core/log.hpp"
#include "core/time.hpp"
#include "pandapon/http/proxy.hpp"
#include "pandapon/request.hpp"
#include "pandapon/signature.hpp"
#include "sync/ports.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ordersync::pandapon::http {
class shared_connections;
}

namespace ordersync::pandapon {

struct source_settings {
  core::https_url base_url{.host = "api.pandapon.com"};
  std::optional<http::proxy_access> proxy;
  std::string path = "/alibaba/order/page";  // begins with a slash, visible ASCII
  std::string ca_file;                       // PEM, a trust anchor besides the system's; empty: none
  std::uint64_t max_response_bytes = 64ULL * 1024 * 1024;
  request_style style;
  // With all sources of the same base_url, proxy, ca_file and max_response_bytes; null: with none.
  std::shared_ptr<http::shared_connections> connections{};
};

// All are called on the I/O thread, once or more for each try; none may throw.
struct source_ports {
  std::function<credentials()>
      credentials_now;                          // what to sign with: asked at each try, so a reload needs no new source
  std::function<core::instant()> now;           // the wall clock: what requests are signed with
  std::function<core::instant()> observed_now;  // what orders are said to be observed at; see dependencies::now
  random_source random;
  core::log* log = nullptr;  // outlives the source
};

// For one account. The executor is the I/O thread's; every call on the source is made there. Calls in flight may
// outlive the source: they are ended as by close(). failure::input where a setting cannot be used.
core::result<std::unique_ptr<sync::order_source>> make_order_source(boost::asio::any_io_executor executor,
                                                                    const source_settings& settings,
                                                                    source_ports ports);

}  // namespace ordersync::pandapon
