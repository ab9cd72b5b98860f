#include "store/pg/connect_failure.hpp"

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
  std::string_view place;  // the function of the server
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
                                   std::string_view{"invalid sslmode value"},
                                   std::string_view{"invalid port number"},
                                   std::string_view{"invalid integer value"},
                                   std::string_view{"channel binding required"},
                                   std::string_view{"weak sslmode"},
                                   std::string_view{"could not match"},
                                   std::string_view{"invalid channel_binding value"},
                                   std::string_view{"invalid target_session_attrs value"},
                                   std::string_view{"invalid gssencmode value"}};

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
    if (line.starts_with(place)) {
      if (!attempts.empty()) attempts.back().place = line.substr(place.size(), line.find(',') - place.size());
    } else if (!line.empty() && (attempts.empty() || begins_attempt(line))) {
      attempts.push_back({line, sqlstate_in(line), {}});
    }
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

constexpr std::string_view unknown_name = "Name or service not known";

bool is_lasting(const attempt& one, bool names_return) {
  if (!one.code.empty()) return !is_transient(one.code);
  if (!names_return && one.text.find(unknown_name) != std::string_view::npos) return true;
  return says_any(one.text, lasting_words) || (is_tls_error(one.text) && !says_any(one.text, passing_tls));
}

std::string advice_for(const attempt& one) {
  const auto says = [&](std::string_view words) { return one.text.find(words) != std::string_view::npos; };
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
  if (one.code == "42501")
    return "the role may not connect to the database; an administrator can allow it: GRANT CONNECT ON DATABASE ... TO "
           "...";
  if (one.code == "55000")
    return "the database accepts no connections; an administrator can allow them: ALTER DATABASE ... ALLOW_CONNECTIONS "
           "true";
  if (says(unknown_name)) return "the host name cannot be resolved; check database.url";
  if (says("no password supplied")) return "the server asks for a password; set database.password_file";
  if (says("certificate verify failed") || (is_tls_error(one.text) && says_any(one.text, wrong_signature)))
    return "the server's certificate has expired, or its authority is not the one in sslrootcert of database.url";
  return {};
}

std::string one_line(std::string_view message) {
  constexpr std::size_t enough = 400;
  std::string text;
  for (const auto& one : attempts_of(message)) text.append(text.empty() ? "" : " ").append(one.text);
  std::ranges::replace(text, '\t', ' ');
  if (text.size() > enough) text.resize(enough);
  return text;
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
  if (attempts.empty()) return {"connect", {}, {}};
  if (std::ranges::all_of(attempts, spoke)) {
    const auto passing = std::ranges::find_if(attempts, [](const attempt& one) { return is_transient(one.code); });
    const auto& reported = passing != attempts.end() ? *passing : attempts.back();
    return {"connect", std::string{reported.code}, advice_for(reported)};
  }
  const auto lasts = [&](const attempt& one) { return is_lasting(one, names_return); };
  if (!std::ranges::all_of(attempts, lasts)) return {"connect", {}, one_line(message)};
  auto text = one_line(message);
  const auto local = std::ranges::find_if_not(attempts, spoke);
  if (const auto advice = advice_for(*local); !advice.empty()) text += "; " + advice;
  return {"connect", {}, std::move(text), true};
}

}  // namespace ordersync::store::pg
