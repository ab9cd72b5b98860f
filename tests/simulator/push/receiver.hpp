// A receiver of push messages: HTTP or HTTPS on a port of its own, with a thread of its own.
#pragma once

#include "support/tls_certificates.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pandapon_sim::testing {

struct received {
  std::string method, target, authorization, body;
};

class receiver {
 public:
  /// What to answer to the `n`th request, from 0; 0: nothing, ever. Called on the receiver's thread.
  using answering = std::function<unsigned(const received& what, std::size_t n)>;

  /// With credentials it speaks TLS. Port 0: any.
  explicit receiver(answering answer, std::optional<ordersync::test_support::server_credentials> tls = std::nullopt);
  ~receiver();
  receiver(const receiver&) = delete;
  receiver& operator=(const receiver&) = delete;

  std::uint16_t port() const;
  /// Waits until there are as many, for 180 s at most; then throws std::runtime_error.
  std::vector<received> wait_for(std::size_t requests);
  std::size_t connections() const;

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace pandapon_sim::testing
