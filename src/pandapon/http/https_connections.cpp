#include "pandapon/http/https_connections.hpp"

#include "pandapon/http/tls.hpp"

#include <utility>

namespace ordersync::pandapon::http {

bool kept_connections::too_old(const https_connection& connection) const {
  return std::chrono::steady_clock::now() - connection.opened_at() >= life_;
}

void kept_connections::keep(connection_ptr connection) {
  if (!too_old(*connection) && connection->reusable()) kept_.push_back(std::move(connection));
}

kept_connections::connection_ptr kept_connections::take() {
  std::erase_if(kept_, [this](const auto& connection) { return too_old(*connection); });
  while (!kept_.empty()) {
    auto connection = std::move(kept_.back());
    kept_.pop_back();
    if (connection->reusable()) return connection;
  }
  return nullptr;
}

core::result<std::shared_ptr<boost::asio::ssl::context>> shared_connections::tls(const std::string& ca_file) {
  if (!tls_) {
    auto made = make_tls_context(ca_file);
    if (made.has_error()) return made.error();
    tls_ = std::move(*made);
  }
  return tls_;
}

std::shared_ptr<kept_connections> shared_connections::kept(std::chrono::steady_clock::duration life) {
  auto kept = kept_.lock();
  if (!kept) kept_ = kept = std::make_shared<kept_connections>(life);
  return kept;
}

}  // namespace ordersync::pandapon::http
