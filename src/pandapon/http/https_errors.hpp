#pragma once
// What reading HTTP can come to, as its users tell it apart. Pure.

#include <boost/beast/http/error.hpp>

namespace ordersync::pandapon::http {

// Whether the problem is what arrived, and not that nothing did.
inline bool is_bad_http(const boost::system::error_code& why) {
  namespace http = boost::beast::http;
  return why.category() == make_error_code(http::error::bad_version).category() && why != http::error::end_of_stream &&
         why != http::error::partial_message;
}

// A reply before the answer (100, 103).
inline bool is_interim(unsigned status) {
  constexpr unsigned switching_protocols = 101;
  return status < 200 && status != switching_protocols;
}

// Heads read for one answer: a server may send a few interim ones before it.
inline constexpr int most_heads = 8;

}  // namespace ordersync::pandapon::http
