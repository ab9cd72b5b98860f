// A request as it came and a reply as it is meant, apart from sockets, so that all that is decided can be tested
// without one.
#pragma once

#include "fault.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pandapon_sim {

struct request {
  std::string method;
  std::string path;                            // without the query string
  std::string query;                           // what follows the question mark
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool keep_alive = true;

  /// Empty if there is none.
  std::string_view header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
  }
};

struct header_line {
  std::string name, value;
};

struct reply {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::vector<header_line> headers;
  std::string body;
  std::vector<fault> faults;  // those that touch how it travels
};

}  // namespace pandapon_sim
