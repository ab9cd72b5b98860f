// Sends the push messages that are due, over up to 16 connections at once. Never waits for a receiver: what it does not
// take, waits in the queue. Runs on the server's thread.
#pragma once

#include "api.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace pandapon_sim {

class push_sender {
 public:
  /// Throws boost::system::system_error if the certificates cannot be read. `io` and `w` must outlive it, and it the
  /// end of `io`'s run.
  push_sender(boost::asio::io_context& io, world& w);
  ~push_sender();
  push_sender(const push_sender&) = delete;
  push_sender& operator=(const push_sender&) = delete;

  /// Nothing without --push.
  void start();

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace pandapon_sim
