#include "store/pg/connection.hpp"
#include "store/pg/libpq.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>
#include <unistd.h>

namespace ordersync::store::pg {
namespace {

using options = std::map<std::string, std::string, std::less<>>;

core::error wrong(std::string what) {
  return core::make_error(core::failure::input, std::move(what));
}

std::string value_of(const options& given, std::string_view name) {
  const auto at = given.find(name);
  return at == given.end() ? std::string{} : at->second;
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  return text.empty() || (problem == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65'535);
}

template <class Check>
bool every_of_list(std::string_view list, Check check) {
  for (;;) {
    const auto comma = list.find(',');
    if (!check(list.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

// TLS is of hosts alone, not of sockets in the file system.
bool by_network(const options& given) {
  const auto is_socket = [](std::string_view host) {
    return host.empty() || host.front() == '/' || host.front() == '@';
  };
  return !value_of(given, "hostaddr").empty() || !every_of_list(value_of(given, "host"), is_socket);
}

// Where libpq looks for it.
std::string root_certificate_of(const options& given) {
  if (auto named = value_of(given, "sslrootcert"); !named.empty()) return named;
  const char* named = std::getenv("PGSSLROOTCERT");  // NOLINT(concurrency-mt-unsafe): no thread changes the environment
  if (named != nullptr) return named;
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): as above
  return std::string{home == nullptr ? "" : home} + "/.postgresql/root.crt";
}

core::result<void> check_values(const options& given) {
  constexpr std::array modes{"", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  const auto mode = value_of(given, "sslmode");
  if (std::ranges::find(modes, mode) == modes.end())
    return wrong("sslmode is invalid; use disable, allow, prefer, require, verify-ca or verify-full");
  if (!every_of_list(value_of(given, "port"), is_port))
    return wrong("the port is invalid; use a number from 1 to 65535");
  if (!mode.starts_with("verify-") || !by_network(given)) return {};
  const auto root = root_certificate_of(given);
  if (root == "system" || ::access(root.c_str(), R_OK) == 0) return {};
  return wrong("sslmode=" + mode + " needs the certificate of the server's authority, and " + root +
               " cannot be read; name its file with sslrootcert=FILE");
}

}  // namespace

std::string local_role(const std::string& url) {
  const auto given = parse_connection_string(url);
  if (!given || by_network(*given)) return {};
  const char* host = std::getenv("PGHOST");  // NOLINT(concurrency-mt-unsafe): no thread changes the environment
  if (value_of(*given, "host").empty() && host != nullptr && by_network({{"host", host}})) return {};
  return value_of(*given, "user");
}

core::result<void> check_connection_url(const std::string& url) {
  const auto parsed = parse_connection_string(url);
  if (!parsed) {
    return core::make_error(core::failure::input,
                            "database.url is invalid; use the form postgresql://user@host/database or key=value pairs");
  }
  const options& given = *parsed;
  if (given.contains("password")) {
    return core::make_error(
        core::failure::input,
        "database.url contains a password; put it into a file and name the file in database.password_file");
  }
  return check_values(given);
}

}  // namespace ordersync::store::pg
