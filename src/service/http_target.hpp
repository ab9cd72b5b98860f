#pragma once
// The target of a request, "/path?name=value", taken apart and decoded. Pure, and strict: what could be read in two
// ways is not read at all.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::service {

struct http_target {
  std::string path;                                       // begins with '/', no "." or ".." in it
  std::map<std::string, std::string, std::less<>> query;  // of a name given twice the last
};

// Nothing for a broken escape, a control character, an encoded slash or a dot segment in the path, and for anything
// that does not begin with '/'.
std::optional<http_target> parse_http_target(std::string_view text);

}  // namespace ordersync::service
