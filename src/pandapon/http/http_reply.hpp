#pragma once
// A reply as the transport hands it to those who assess it. Pure data.

#include <string>

namespace ordersync::pandapon::http {

struct http_reply {
  unsigned status = 0;
  std::string body;  // without a content coding
  // Why the body is not to be trusted although a head arrived ("states its length more than once"); empty: it is whole.
  std::string flaw;
  // Header values where the reply has them; empty otherwise.
  std::string content_type;
  std::string retry_after;
  std::string date;
};

}  // namespace ordersync::pandapon::http
