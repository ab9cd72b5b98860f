#include "store/pg/connection_url.hpp"

#include "store/pg/connection.hpp"
#include "store/pg/libpq.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>
#include <string>
#include <unistd.h>

namespace ordersync::store::pg {
namespace {

// Which certificates of authorities count: also that in the home directory of this process's user.
enum class root_certificates { at_home, named };

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

bool is_integer(std::string_view text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return text.empty() || (problem == std::errc{} && end == text.data() + text.size());
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

std::string of_environment(const char* name) {
  const char* found = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread changes the environment
  return found == nullptr ? "" : found;
}

std::string value_or_variable(const options& given, std::string_view name, const char* variable) {
  const auto at = given.find(name);
  return at == given.end() ? of_environment(variable) : at->second;
}

constexpr int first_with_authorities_of_system = 16;  // version of libpq

core::result<void> check_root_certificate(const options& given, root_certificates which) {
  const auto mode = value_or_variable(given, "sslmode", "PGSSLMODE");
  if (!mode.starts_with("verify-") || !by_network(given)) return {};
  const auto named = value_or_variable(given, "sslrootcert", "PGSSLROOTCERT");
  const auto needs = "sslmode=" + mode + " needs the certificate of the server's authority; ";
  const auto readable = [](const std::string& file) { return ::access(file.c_str(), R_OK) == 0; };
  if (named == "system" && std::stoi(libpq_version()) >= first_with_authorities_of_system) return {};
  if (!named.empty() && readable(named)) return {};
  if (!named.empty()) return wrong(needs + named + " cannot be read; name its file with sslrootcert=FILE");
  // Where libpq looks then.
  const auto at_home = of_environment("HOME") + "/.postgresql/root.crt";
  if (which == root_certificates::named)
    return wrong(needs +
                 "sslrootcert is not set. libpq takes ~/.postgresql/root.crt of the user that it runs as, and the "
                 "service has no home directory; name the file with sslrootcert=FILE");
  if (readable(at_home)) return {};
  return wrong(needs + "sslrootcert is not set, and " + at_home +
               ", where libpq looks for it for this user, cannot be read; name the file with sslrootcert=FILE");
}

core::result<void> check_numbers(const options& given) {
  const auto parts = [&](std::string_view name) { return std::ranges::count(value_of(given, name), ','); };
  const auto ports = parts("port");
  if (ports > 0 && ports != std::max(parts("host"), parts("hostaddr")))
    return wrong("it has another number of ports than of hosts; name one port, or one for each host");
  if (!every_of_list(value_of(given, "port"), is_port))
    return wrong("the port is invalid; use a number from 1 to 65535");
  for (const auto* name : {"connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval",
                           "keepalives_count", "tcp_user_timeout"})
    if (!is_integer(value_of(given, name))) return wrong(std::string{name} + " is invalid; use a whole number");
  return {};
}

core::result<void> check_values(const options& given, const std::string& url, root_certificates which) {
  constexpr std::array modes{"", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  if (std::ranges::find(modes, value_of(given, "sslmode")) == modes.end())
    return wrong("sslmode is invalid; use disable, allow, prefer, require, verify-ca or verify-full");
  if (auto numbers = check_numbers(given); numbers.has_error()) return numbers;
  if (const auto objection = libpq_objection(url); !objection.empty()) return wrong("libpq refuses it: " + objection);
  return check_root_certificate(given, which);
}

core::result<void> check(const std::string& url, root_certificates which) {
  const auto parsed = parse_connection_string(url);
  if (!parsed)
    return wrong(
        "it is invalid; use the form postgresql://USER@HOST:PORT/DATABASE?KEYWORD=VALUE&..., with keywords of libpq");
  if (parsed->contains("password"))
    return wrong("it contains a password; put it into a file and name the file in database.password_file");
  return check_values(*parsed, url, which);
}

}  // namespace

std::string local_role(const std::string& url) {
  const auto given = parse_connection_string(url);
  if (!given || by_network(*given)) return {};
  const auto host = of_environment("PGHOST");
  if (value_of(*given, "host").empty() && !host.empty() && by_network({{"host", host}})) return {};
  return value_of(*given, "user");
}

core::result<void> check_connection_url(const std::string& url) {
  return check(url, root_certificates::at_home);
}

core::result<void> check_connection_url_of_service(const std::string& url) {
  return check(url, root_certificates::named);
}

}  // namespace ordersync::store::pg
