#include "store/pg/connect_failure.hpp"

#include "core/printable.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ordersync::store::pg {
namespace {

// One host, tried in one way.
struct attempt {
  std::string_view text;
  std::string_view code;   // the SQLSTATE; empty: no server answered
  std::string_view place;  // the function of the server; empty: a pooler, or no server
  std::string_view more;   // what the server adds
};

// libpq's own words for what stays as it is until a person changes the url, the password or a certificate.
constexpr std::array lasting_words{std::string_view{"no password supplied"},
                                   std::string_view{"root certificate file"},
                                   std::string_view{"certificate verify failed"},
                                   std::string_view{"does not match host name"},
                                   std::string_view{"could not get server's host name from server certificate"},
                                   std::string_view{"server does not support SSL"},
                                   std::string_view{"private key file"},
                                   std::string_view{"could not read certificate"},
                                   std::string_view{"could not load"},
                                   std::string_view{"invalid integer value"},
                                   std::string_view{"failed: Invalid argument"},
                                   std::string_view{"channel binding required"},
                                   std::string_view{"weak sslmode"},
                                   std::string_view{"could not match"},
                                   std::string_view{"could not parse network address"},
                                   std::string_view{"definition of service"},
                                   std::string_view{"service file"},
                                   std::string_view{"Unix-domain socket path"},
                                   std::string_view{"requirepeer specifies"},
                                   std::string_view{"GSSAPI"},
                                   std::string_view{"authentication method"},
                                   std::string_view{"authentication mechanisms"},
                                   std::string_view{"received invalid response to SSL negotiation"},
                                   std::string_view{"expected authentication request from server"}};
// What poolers say so, all by one SQLSTATE of their own, 08P01; the rest of it passes.
constexpr std::array lasting_words_of_poolers{
    std::string_view{"no such database"},     std::string_view{"no such user"},
    std::string_view{"does not exist"},       std::string_view{"authentication failed"},
    std::string_view{"no pg_hba.conf entry"}, std::string_view{"not permitted to log in"},
    std::string_view{"permission denied"},    std::string_view{"bouncer config error"},
    std::string_view{"SSL required"},         std::string_view{"unsupported startup parameter"},
    std::string_view{"login rejected"},       std::string_view{"not specified"}};

bool is_state(std::string_view code) {
  return code.size() == 5 &&
         std::ranges::all_of(code, [](unsigned char c) { return std::isdigit(c) || std::isupper(c); });
}

// What else there is goes on with the one before: hints, details, what the server says in several lines.
bool begins_attempt(std::string_view line) {
  return line.starts_with("connection to ") || line.starts_with("could not ") || line.starts_with("invalid ");
}

std::vector<attempt> attempts_of(std::string_view message) {
  std::vector<attempt> attempts;
  while (!message.empty()) {
    const auto line = message.substr(0, message.find('\n'));
    message.remove_prefix(std::min(message.size(), line.size() + 1));
    constexpr std::string_view place = "LOCATION:  ";
    constexpr std::string_view more = "DETAIL:  ";
    if (!line.empty() && (attempts.empty() || begins_attempt(line)))
      attempts.push_back({line, sqlstate_in(line), {}, {}});
    else if (line.starts_with(place))
      attempts.back().place = line.substr(place.size(), line.find(',') - place.size());
    else if (line.starts_with(more))
      attempts.back().more = line.substr(more.size());
  }
  return attempts;
}

// How OpenSSL says that an authority of the right name has another key.
constexpr std::array wrong_signature{std::string_view{"EVP lib"}, std::string_view{"padding"},
                                     std::string_view{"bad signature"}};
// What TLS fails with that may pass.
constexpr std::array passing_tls{std::string_view{"unexpected eof"}, std::string_view{"internal error"}};

bool says_any(std::string_view text, std::span<const std::string_view> list) {
  return std::ranges::any_of(list, [&](auto words) { return text.find(words) != std::string_view::npos; });
}

// "SSL SYSCALL error" is the network's.
bool is_tls_error(std::string_view text) {
  return text.find("SSL error: ") != std::string_view::npos;
}

// What Kerberos fails with that may pass.
constexpr std::array passing_kerberos{std::string_view{"Cannot contact any KDC"},
                                      std::string_view{"temporarily unavailable"}, std::string_view{"timed out"}};
constexpr std::array unknown_name{std::string_view{"Name or service not known"},
                                  std::string_view{"No address associated with hostname"}};

bool is_closed_socket(std::string_view text) {
  return text.find(" on socket ") != std::string_view::npos && text.find("Permission denied") != std::string_view::npos;
}

// PostgreSQL says where in its source it says so.
bool is_of_pooler(const attempt& one) {
  return one.code == "08P01" && one.place.empty();
}

bool is_lasting(const attempt& one, bool names_return) {
  if (is_of_pooler(one)) return says_any(one.text, lasting_words_of_poolers);
  if (!one.code.empty()) return !is_transient(one.code);
  if (!names_return && says_any(one.text, unknown_name)) return true;
  if (says_any(one.text, passing_kerberos)) return false;
  return one.text.starts_with("invalid ") || says_any(one.text, lasting_words) || is_closed_socket(one.text) ||
         (is_tls_error(one.text) && !says_any(one.text, passing_tls));
}

std::string shown(std::string text) {
  constexpr std::size_t enough = 400;
  std::ranges::replace(text, '\t', ' ');
  if (text.size() > enough) text.resize(enough);
  return core::printable(text);
}

// What the server says in its own words and language: of names, addresses and settings, for no row is read yet.
std::string words_of(const attempt& one) {
  auto words = one.text.substr(static_cast<std::size_t>(one.code.data() - one.text.data()) + one.code.size());
  words.remove_prefix(std::min(words.size(), words.find_first_not_of(": ")));
  auto text = std::string{words};
  if (!one.more.empty()) text.append(" (").append(one.more).append(")");
  return shown(std::move(text));
}

std::string advice_for(const attempt& one) {
  const auto says = [&](std::string_view words) { return one.text.find(words) != std::string_view::npos; };
  if (is_of_pooler(one))
    return says_any(one.text, lasting_words_of_poolers)
               ? "a pooler in front of PostgreSQL refuses; check database.url, database.password_file and the pooler's "
                 "own configuration"
               : "a pooler in front of PostgreSQL has no session to give";
  if (one.code == "28000" && one.place == "InitializeSessionUserId") {
    if (says("not permitted to log in"))
      return "the role may not log in; an administrator can allow it: ALTER ROLE ... LOGIN";
    if (says("does not exist")) return "the role does not exist; check database.url, or create it: createuser ROLE";
    return "the role does not exist or may not log in; an administrator can run CREATE ROLE or ALTER ROLE ... LOGIN";
  }
  if (says("Peer authentication failed"))
    return "the user of this process is not the role; run the command as the user with the role's name. With the "
           "package, "
           "start the service first (sudo systemctl start ordersync): root's commands then speak as its user";
  if (one.code == "28000" && one.place == "auth_failed")
    return "the server does not accept this role by the way of authentication that pg_hba.conf asks for; its log says "
           "more";
  if (one.code == "42501")
    return "the role may not connect to the database; an administrator can allow it: GRANT CONNECT ON DATABASE ... TO "
           "...";
  if (one.code == "55000")
    return "the database accepts no connections; an administrator can allow them: ALTER DATABASE ... ALLOW_CONNECTIONS "
           "true";
  if (says("received invalid response to SSL negotiation") || says("expected authentication request from server"))
    return "what answers there is not PostgreSQL; check the host and the port in database.url";
  if (says("GSSAPI continuation error"))
    return "the server asks for Kerberos; get a ticket for the user of this process (kinit), or have pg_hba.conf ask "
           "for a "
           "password";
  if (is_closed_socket(one.text)) return "the user of this process may not use the server's socket";
  if (says_any(one.text, unknown_name)) return "the host name cannot be resolved; check database.url";
  if (says("no password supplied")) return "the server asks for a password; set database.password_file";
  if (says("certificate verify failed") || (is_tls_error(one.text) && says_any(one.text, wrong_signature)))
    return "the server's certificate has expired, or its authority is not the one in sslrootcert of database.url";
  return {};
}

bool knows_cure(const attempt& one) {
  return !advice_for(one).empty();
}

std::string one_line(std::string_view message) {
  std::string text;
  for (const auto& one : attempts_of(message)) text.append(text.empty() ? "" : " ").append(one.text);
  return shown(std::move(text));
}

}  // namespace

std::string_view sqlstate_in(std::string_view message) noexcept {
  for (auto at = message.find(":  "); at != std::string_view::npos; at = message.find(":  ", at + 1)) {
    const auto code = message.substr(std::min(message.size(), at + 3), 5);
    const auto after = message.substr(std::min(message.size(), at + 8));
    if (is_state(code) && (after.empty() || after.front() == ':' || after.front() == '\n')) return code;
  }
  return {};
}

sql_error connect_failure(std::string_view message, bool names_return) {
  const auto attempts = attempts_of(message);
  const auto spoke = [](const attempt& one) { return !one.code.empty(); };
  const auto lasts = [&](const attempt& one) { return is_lasting(one, names_return); };
  if (attempts.empty()) return {"connect", {}, {}};
  if (std::ranges::all_of(attempts, spoke)) {
    const auto passing = std::ranges::find_if_not(attempts, lasts);
    const auto& one = passing != attempts.end() ? *passing : attempts.back();
    return sql_error{"connect", std::string{one.code}, advice_for(one), passing == attempts.end()}.with(words_of(one));
  }
  auto text = one_line(message);
  const auto local = std::ranges::find_if(attempts, [&](const attempt& one) { return !spoke(one) && knows_cure(one); });
  if (local != attempts.end()) text += "; " + advice_for(*local);
  return {"connect", {}, std::move(text), std::ranges::all_of(attempts, lasts)};
}

}  // namespace ordersync::store::pg
