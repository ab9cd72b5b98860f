#include "sync/flow/server_clock.hpp"

namespace ordersync::sync::flow {

void server_clock::observe(std::chrono::steady_clock::time_point at, core::instant local, core::second server) {
  last_ = observation{at, local, server};
}

core::second server_clock::now(std::chrono::steady_clock::time_point at, core::instant local) const {
  if (!last_) return std::chrono::floor<std::chrono::seconds>(local);
  return last_->server + std::chrono::floor<std::chrono::seconds>(at - last_->at);
}

std::optional<std::chrono::seconds> server_clock::skew() const {
  if (!last_) return std::nullopt;
  const auto ahead = last_->local - core::instant(last_->server);
  if (std::chrono::abs(ahead) < std::chrono::seconds{2}) return std::chrono::seconds{0};
  return std::chrono::duration_cast<std::chrono::seconds>(ahead);
}

}  // namespace ordersync::sync::flow
