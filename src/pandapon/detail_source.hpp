#pragma once
// The API as the engine's source of order details: request, exchange, verdict, detail.

#include "pandapon/source.hpp"
#include "sync/detail_source.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace ordersync::pandapon {

struct detail_paths {
  std::string detail = "/alibaba/order/detail";  // as source_settings::path
  std::string refund = "/alibaba/refund/info";
};

// As make_order_source. `settings.path` is not used.
core::result<std::unique_ptr<sync::detail_source>> make_detail_source(boost::asio::any_io_executor executor,
                                                                      const source_settings& settings,
                                                                      detail_paths paths, source_ports ports);

}  // namespace ordersync::pandapon
