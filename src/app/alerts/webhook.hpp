#pragma once
// One webhook, and sending a message to it, once. One I/O thread.
//
// Hazard: the URL is a secret. Neither results nor logs name it or its host; the transport below has no log.

#include "app/alerts/message.hpp"
#include "app/alerts/webhook_format.hpp"
#include "app/setup/loading.hpp"
#include "config/webhook.hpp"
#include "core/error.hpp"
#include "pandapon/http/https_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace ordersync::app::alerts {

// From finding the address to the reply's last byte.
inline constexpr std::chrono::seconds longest_delivery{10};

origin origin_of(const setup::configuration& from, std::string host, std::string version);

class webhook {
 public:
  // The alert with that place in the configuration, which may go afterwards. failure::input where its ca_file is no
  // PEM, or the environment's proxy cannot be used.
  static core::result<std::unique_ptr<webhook>> make(const boost::asio::any_io_executor& executor,
                                                     const setup::configuration& from, std::size_t index,
                                                     origin sender);

  boost::asio::awaitable<delivery> send(const message& m, core::instant now);
  // Ends what is in flight, soon.
  void close() noexcept { client_->close(); }

  config::alert_format format() const noexcept { return format_; }
  // The name of the file with the URL, for people.
  const std::string& name() const noexcept { return name_; }

 private:
  webhook() = default;
  delivery failed(const core::error& why) const;

  std::string name_;
  config::alert_format format_{};
  config::webhook_address address_;
  config::secret signing_;
  origin sender_;
  std::shared_ptr<pandapon::http::https_client> client_;
};

}  // namespace ordersync::app::alerts
