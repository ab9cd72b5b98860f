#include "sync/flow/server_clock.hpp"

namespace ordersync::sync::flow {

void server_clock::observe(std::chrono::steady_clock::time_point at, core::second server) {
  last_ = observation{at, server};
}

core::second server_clock::now(std::chrono::steady_clock::time_point at, core::instant local) const {
  if (!last_) return std::chrono::floor<std::chrono::seconds>(local);
  return last_->server + std::chrono::floor<std::chrono::seconds>(at - last_->at);
}

}  // namespace ordersync::sync::flow
