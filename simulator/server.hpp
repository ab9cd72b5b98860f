// HTTPS on one thread: accepts, reads requests, waits out the latency, sends what delivery.hpp says. Holds every
// connection's coroutine in the io_context, so stopping that ends everything at once.
#pragma once

#include "api.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace pandapon_sim {

class server {
 public:
  /// Listens at once; throws boost::system::system_error if the address or the certificate is unusable. `w` must
  /// outlive `io`, and `io` the server; both belong to the thread that runs `io`.
  server(boost::asio::io_context& io, world& w);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Begins to accept and to let --live and --mutate happen.
  void start();
  /// `HOST:PORT` as it can be connected to; an IPv6 host is in brackets.
  std::string address() const;

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace pandapon_sim
