#include "config/secrets.hpp"

#include "config/file.hpp"
#include "config/proxy.hpp"
#include "config/webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace ordersync::config {
namespace {

namespace fs = std::filesystem;

// The vendor's secrets have 32 characters, passwords seldom more than 100.
constexpr std::size_t largest_secret = 4096;
// Nothing slows down who guesses the token, so it has to be too long for that.
constexpr std::size_t shortest_token = 16;

struct source {
  fs::path path;
  bool is_credential = false;  // systemd guards it
};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_inside(const fs::path& file, const fs::path& directory) {
  if (directory.empty()) return false;
  std::error_code error;
  const fs::path real_parent = fs::canonical(file.parent_path(), error);
  if (error) return false;
  const fs::path real_directory = fs::canonical(directory, error);
  return !error && real_parent == real_directory;
}

// The credential of that name: handed over alone, or as a file of the packaged unit's directory, whose name systemd
// then puts behind the directory's.
std::optional<fs::path> find_credential(const std::string& name, const fs::path& credentials) {
  if (credentials.empty()) return std::nullopt;
  for (const std::string& file : {name, "ordersync_" + name}) {
    if (is_there(credentials / file)) return credentials / file;
  }
  return std::nullopt;
}

source find_source(const std::string& reference, const fs::path& base, const fs::path& credentials) {
  const bool plain_name = reference.find('/') == std::string::npos;
  if (plain_name) {
    if (const auto credential = find_credential(reference, credentials)) return {*credential, true};
  }
  const fs::path path = base / reference;
  return {path, is_inside(path, credentials)};
}

void strip_line_ends(std::vector<char>& bytes) {
  while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.pop_back();
}

// A second line or a control character means that this is another kind of file, or a text editor's work.
bool is_one_line(const std::vector<char>& bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// What editors and forms leave around a text: the mark, and blanks (of a web page and of Chinese too).
const char* why_not_bare(std::string_view text) {
  if (text.starts_with(byte_order_mark))
    return "the file begins with a byte order mark (BOM), which is no part of the secret; save it as UTF-8 without BOM";
  for (const std::string_view blank : {" ", "\xC2\xA0", "\xE3\x80\x80"})
    if (text.starts_with(blank) || text.ends_with(blank))
      return "the secret begins or ends with a blank; remove it from the file";
  return nullptr;
}

// Images of LXC have a drop-in for all services that takes away what does not work in every container.
constexpr const char* lxc_drop_in = "/run/systemd/system/service.d/zzz-lxc-service.conf";

bool are_credentials_reset() {
  const file_content content = read_file(lxc_drop_in, 64U << 10, allowed::anything);
  if (!content.bytes) return false;
  return std::string_view{content.bytes->data(), content.bytes->size()}.find("\nLoadCredential=\n") !=
         std::string_view::npos;
}

class reader {
 public:
  reader(const settings& s, const fs::path& credentials) : settings_(s), credentials_(credentials) {}

  secret read(const std::string& key, const std::string& reference, location at) {
    const source from = find_source(reference, origin_of(settings_, at).directory, credentials_);
    file_content content =
        read_file(from.path, largest_secret, from.is_credential ? allowed::reading : allowed::nothing);
    if (!content.bytes) return failed(key, at, content.missing ? missing(reference) : content.complaint);
    strip_line_ends(*content.bytes);
    const bool usable = is_one_line(*content.bytes);
    secret found(std::move(*content.bytes));
    const char* const around = why_not_bare(found.reveal());
    if (found.empty()) return failed(key, at, "the file is empty");
    if (!usable)
      return failed(key, at,
                    "the file has more than one line or contains control characters; check that it is the right file");
    if (around != nullptr) return failed(key, at, around);
    return found;
  }

  secret read_credential(const std::string& key, const std::string& name, location at) {
    if (find_credential(name, credentials_)) return read(key, name, at);
    if (credentials_.empty() && are_credentials_reset())
      return failed(
          key, at,
          fmt::format("there are no systemd credentials, because {} of this LXC container resets "
                      "LoadCredential=; write \"[Service]\" and \"LoadCredential=ordersync:/etc/ordersync/secrets\" "
                      "into /etc/systemd/system/ordersync.service.d/zzzz-credentials.conf, run systemctl "
                      "daemon-reload, and start again",
                      lxc_drop_in));
    return failed(key, at,
                  fmt::format("not set, and there is no systemd credential {}; set the secret's file, or add "
                              "LoadCredential={}:/path/of/the/file to the unit",
                              name, name));
  }

  secret read_token(const std::string& key, const secret_reference& from) {
    secret token = read(key, from.text, from.at);
    if (!token.empty() && token.reveal().size() < shortest_token)
      return failed(key, from.at,
                    fmt::format("the token is shorter than {} characters; create one with `openssl rand -hex 32`",
                                shortest_token));
    return token;
  }

  // Complaints name neither the URL nor a part of it.
  secret read_webhook(const std::string& key, const alert& a) {
    secret url = read(key, a.webhook.text, a.webhook.at);
    if (url.empty()) return url;
    const auto parsed = parse_webhook(url.reveal());
    if (!parsed)
      return failed(key, a.webhook.at, "the file holds no URL of a webhook; it must be https://HOST/PATH, on one line");
    const auto belongs = format_of_host(parsed->server.host);
    if (belongs && *belongs != a.format)
      return failed(key, a.webhook.at,
                    fmt::format("the URL in the file is one of {}; set format: {}", name(*belongs), name(*belongs)));
    return url;
  }

  std::vector<problem> problems;

 private:
  secret failed(const std::string& key, location at, std::string_view why) {
    problems.push_back({origin_of(settings_, at).name, at, fmt::format("{}: {}", key, why)});
    return {};
  }

  std::string missing(const std::string& reference) const {
    if (reference.find('/') != std::string::npos) return "no such file";
    return credentials_.empty() ? "no such file in the configuration's directory, and no systemd credentials are set"
                                : "no systemd credential has this name, and no file in the configuration's directory";
  }

  const settings& settings_;
  const fs::path& credentials_;
};

}  // namespace

checked<secrets> read_secrets(const settings& s, const fs::path& credentials_directory) {
  reader from(s, credentials_directory);
  secrets out;
  for (std::size_t i = 0; i < s.accounts.size(); ++i) {
    const account& a = s.accounts[i];
    const std::string key = fmt::format("accounts[{}].access_secret_file", i);
    out.access_secrets.push_back(a.access_secret.text.empty()
                                     ? from.read_credential(key, a.name, a.at)
                                     : from.read(key, a.access_secret.text, a.access_secret.at));
  }
  const secret_reference& password = s.database.password;
  if (!password.text.empty()) {
    out.database_password = from.read("database.password_file", password.text, password.at);
  }
  const secret_reference& of_proxy = s.api.proxy_password;
  if (!of_proxy.text.empty()) {
    out.proxy_password = from.read("api.proxy_password_file", of_proxy.text, of_proxy.at);
  } else if (s.api.environment) {
    if (auto found = environment_credentials(s.api.environment->variable))
      out.proxy_password = std::move(found->password);
  }
  const secret_reference& token = s.service.admin_token;
  if (!token.text.empty()) out.admin_token = from.read_token("service.admin_token_file", token);
  for (std::size_t i = 0; i < s.alerts.size(); ++i) {
    const alert& a = s.alerts[i];
    alert_secrets found{from.read_webhook(fmt::format("alerts[{}].webhook_file", i), a), std::nullopt};
    if (!a.signing.text.empty())
      found.signing = from.read(fmt::format("alerts[{}].secret_file", i), a.signing.text, a.signing.at);
    out.alerts.push_back(std::move(found));
  }
  if (!from.problems.empty()) return std::move(from.problems);
  return out;
}

fs::path credentials_directory_of_process() {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): see the header
  return directory ? fs::path(directory) : fs::path();
}

}  // namespace ordersync::config
