// One connection to the receiver of push messages, over TCP or TLS, kept open from one request to the next.
#pragma once

#include "push/announce.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace pandapon_sim {

class push_connection {
 public:
  virtual ~push_connection() = default;
  /// The status of the reply, 0 if none came in time. Opens the connection if need be, once more if it was closed
  /// meanwhile. One request at a time; `what` must outlive it.
  virtual boost::asio::awaitable<unsigned> post(const push_request& what) = 0;
};

/// To the target of the rules, not open yet. All three must outlive it. A receiver on https must have a certificate for
/// its host.
std::unique_ptr<push_connection> make_push_connection(boost::asio::any_io_executor executor, const push_rules& rules,
                                                      boost::asio::ssl::context& tls);

}  // namespace pandapon_sim
