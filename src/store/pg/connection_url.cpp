#include "store/pg/connection_url.hpp"

#include "store/pg/connection.hpp"
#include "store/pg/libpq.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <netdb.h>
#include <string>
#include <string_view>
#include <sys/un.h>
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

struct number_bounds {
  const char* name;
  int least;
  int most;

  bool hold(std::string_view text) const {
    int number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc{} && end == text.data() + text.size() && number >= least && number <= most;
  }
  std::string hint() const {
    if (least < 0) return "use a whole number";
    if (most == std::numeric_limits<int>::max()) return "use a whole number, " + std::to_string(least) + " or more";
    return "use a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  }
};
// Of connect_timeout libpq takes zero and less for no limit. What Linux refuses of the others ends each connection, and
// looks like an outage.
constexpr int greatest = std::numeric_limits<int>::max();
constexpr std::array<number_bounds, 6> bounds_of_numbers{
    {{"connect_timeout", std::numeric_limits<int>::min(), greatest},
     {"keepalives", 0, greatest},
     {"keepalives_idle", 1, 32'767},
     {"keepalives_interval", 1, 32'767},
     {"keepalives_count", 1, 127},
     {"tcp_user_timeout", 0, greatest}}};

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

// A file of the kind that libpq reads, not its key and not a directory.
bool has_certificate(const std::string& file) {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(file, unknown)) return false;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("-----BEGIN ") && line.find("CERTIFICATE-----") != std::string::npos) return true;
  return false;
}

bool is_readable(const std::string& file) {
  return ::access(file.c_str(), R_OK) == 0;
}

// What libpq reads with TLS, whether it must or may be used.
core::result<void> check_certificates(const options& given) {
  if (!by_network(given) || value_or_variable(given, "sslmode", "PGSSLMODE") == "disable") return {};
  const auto root = value_or_variable(given, "sslrootcert", "PGSSLROOTCERT");
  if (!root.empty() && root != "system" && is_readable(root) && !has_certificate(root))
    return wrong("sslrootcert " + root +
                 " contains no certificate; name a PEM file with that of the server's authority");
  const auto own = value_or_variable(given, "sslcert", "PGSSLCERT");
  const auto key = value_or_variable(given, "sslkey", "PGSSLKEY");
  if (own.empty()) return {};
  if (!has_certificate(own)) return wrong("sslcert " + own + " contains no certificate, or cannot be read");
  if (!key.empty() && key.find(':') == std::string::npos && !is_readable(key))
    return wrong("sslkey " + key + " cannot be read; it must be the key of sslcert");
  return {};
}

core::result<void> check_root_certificate(const options& given, root_certificates which) {
  const auto mode = value_or_variable(given, "sslmode", "PGSSLMODE");
  if (!mode.starts_with("verify-") || !by_network(given)) return {};
  const auto named = value_or_variable(given, "sslrootcert", "PGSSLROOTCERT");
  const auto needs = "sslmode=" + mode + " needs the certificate of the server's authority; ";
  if (named == "system" && std::stoi(libpq_version()) >= first_with_authorities_of_system) return {};
  if (!named.empty() && is_readable(named)) return {};
  if (!named.empty()) return wrong(needs + named + " cannot be read; name its file with sslrootcert=FILE");
  // Where libpq looks then.
  const auto at_home = of_environment("HOME") + "/.postgresql/root.crt";
  if (which == root_certificates::named)
    return wrong(needs +
                 "sslrootcert is not set. libpq takes ~/.postgresql/root.crt of the user that it runs as, and the "
                 "service has no home directory; name the file with sslrootcert=FILE");
  if (is_readable(at_home)) return {};
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
  for (const auto& bounds : bounds_of_numbers)
    if (const auto at = given.find(std::string_view{bounds.name}); at != given.end() && !bounds.hold(at->second))
      return wrong(std::string{bounds.name} + " is invalid; " + bounds.hint());
  return {};
}

bool is_address(std::string_view text) {
  if (text.empty()) return true;
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(std::string{text}.c_str(), nullptr, &hints, &found) != 0) return false;
  ::freeaddrinfo(found);
  return true;
}

// The kernel bounds how long the name of a socket may be.
bool fits_socket(std::string_view host) {
  constexpr std::string_view longest_file = "/.s.PGSQL.65535";
  return host.empty() || (host.front() != '/' && host.front() != '@') ||
         host.size() + longest_file.size() < sizeof(sockaddr_un::sun_path);
}

// What no name server can know.
bool can_be_host(std::string_view host) {
  return host.starts_with('/') || host.starts_with('@') || host.find_first_of("/[] \t") == std::string_view::npos;
}

core::result<void> check_hosts(const options& given) {
  const auto hosts = value_of(given, "host");
  const auto addresses = value_of(given, "hostaddr");
  if (!hosts.empty() && !addresses.empty() && std::ranges::count(hosts, ',') != std::ranges::count(addresses, ','))
    return wrong("hostaddr has another number of addresses than host has names; name one for each");
  if (!every_of_list(addresses, is_address)) return wrong("hostaddr is no IP address; names go into host");
  if (!every_of_list(hosts, can_be_host))
    return wrong(
        "the host is no name, address or directory; in host= an address has no brackets, and a directory begins with "
        "a slash");
  if (!every_of_list(hosts, fits_socket)) return wrong("the path of the socket's directory is too long for a socket");
  return {};
}

// ordersync writes, by SQL.
core::result<void> check_use(const options& given) {
  const auto replication = value_of(given, "replication");
  if (!replication.empty() && replication != "false" && replication != "off" && replication != "no" &&
      replication != "0")
    return wrong("replication is for standby servers; remove it");
  const auto wanted = value_or_variable(given, "target_session_attrs", "PGTARGETSESSIONATTRS");
  if (wanted == "standby" || wanted == "prefer-standby" || wanted == "read-only")
    return wrong("target_session_attrs=" + wanted + " asks for a server that takes no writes; use read-write");
  return {};
}

// Values that are not in the url, where libpq takes them from its own variables.
core::result<void> check_variables(const options& given) {
  constexpr std::array modes{"", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  if (!given.contains("sslmode") && std::ranges::find(modes, of_environment("PGSSLMODE")) == modes.end())
    return wrong(
        "the environment variable PGSSLMODE, which libpq takes for sslmode, is invalid; use disable, allow, "
        "prefer, require, verify-ca or verify-full");
  if (!given.contains("port") && !every_of_list(of_environment("PGPORT"), is_port))
    return wrong("the environment variable PGPORT, which libpq takes for the port, is invalid; use 1 to 65535");
  if (!given.contains("hostaddr") && !every_of_list(of_environment("PGHOSTADDR"), is_address))
    return wrong(
        "the environment variable PGHOSTADDR, which libpq takes for hostaddr, is no IP address; unset it, or name "
        "addresses");
  constexpr std::array attributes{"", "any", "read-write", "read-only", "primary", "standby", "prefer-standby"};
  if (!given.contains("target_session_attrs") &&
      std::ranges::find(attributes, of_environment("PGTARGETSESSIONATTRS")) == attributes.end())
    return wrong(
        "the environment variable PGTARGETSESSIONATTRS, which libpq takes for target_session_attrs, is "
        "invalid; use read-write, or unset it");
  return {};
}

core::result<void> check_values(const options& given, const std::string& url, root_certificates which) {
  constexpr std::array modes{"", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  if (std::ranges::find(modes, value_of(given, "sslmode")) == modes.end())
    return wrong("sslmode is invalid; use disable, allow, prefer, require, verify-ca or verify-full");
  for (const auto check : {check_numbers, check_hosts, check_use, check_variables, check_certificates})
    if (auto checked = check(given); checked.has_error()) return checked;
  if (const auto objection = libpq_objection(url); !objection.empty()) return wrong("libpq refuses it: " + objection);
  return check_root_certificate(given, which);
}

// The first parameter of a URI that libpq does not know; empty: none, or what follows the '?' may be of a password.
std::string unknown_parameter(std::string_view url) {
  const auto mark = url.find('?');
  if (mark == std::string_view::npos || url.find('@', mark) != std::string_view::npos) return {};
  for (auto rest = url.substr(mark + 1); !rest.empty();) {
    const auto end = std::min(rest.find('&'), rest.size());
    std::string name{rest.substr(0, std::min(rest.find('='), end))};
    const bool is_word = !name.empty() && name.size() <= 40 && std::ranges::all_of(name, [](char c) {
      return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    if (is_word && !parse_connection_string("postgresql://?" + name + "=1")) return name;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

core::result<void> check(const std::string& url, root_certificates which) {
  const auto parsed = parse_connection_string(url);
  const auto unknown = parsed ? std::string{} : unknown_parameter(url);
  if (!unknown.empty())
    return wrong("it has the parameter " + unknown + ", which libpq does not know; use keywords of libpq, as sslmode");
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
