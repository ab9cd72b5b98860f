#include "config/rules.hpp"

#include "config/addresses.hpp"
#include "config/text.hpp"

#include <fmt/format.h>

namespace ordersync::config {
namespace {

class rule_check {
 public:
  rule_check(const settings& s, const std::map<std::string, location>& places) : s_(s), places_(places) {}

  std::vector<problem> problems() && {
    account_names_differ();
    database_url_has_no_password();
    a_page_fits_into_a_window();
    revisit_tiers_increase();
    push_has_an_address_of_its_own();
    alerts_differ();
    alerts_hold_no_secret();
    a_proxy_gets_whole_credentials();
    return std::move(problems_);
  }

 private:
  // A key that only has its default has no place; the complaint then goes to the first source as a whole.
  void complain(const std::string& path, std::string_view what) {
    const auto place = places_.find(path);
    const location at = place == places_.end() ? location{} : place->second;
    problems_.push_back({origin_of(s_, at).name, at, fmt::format("{}: {}", path, what)});
  }

  void account_names_differ() {
    std::map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < s_.accounts.size(); ++i) {
      const std::string& name = s_.accounts[i].name;
      if (name.empty()) continue;
      const auto [taken, fresh] = first.emplace(name, i);
      if (fresh) continue;
      complain(
          fmt::format("accounts[{}].name", i),
          fmt::format("accounts[{1}] already has the name {0}; coverage is stored per name, so use different names",
                      in_quotes(name), taken->second));
    }
  }

  void database_url_has_no_password() {
    if (!holds_password(s_.database.url)) return;
    complain("database.url",
             "it contains a password; put the password into a file and name the file in database.password_file");
  }

  void a_page_fits_into_a_window() {
    const bool both = s_.sync.page_size > 0 && s_.sync.max_window_orders > 0;
    if (!both || s_.sync.page_size <= s_.sync.max_window_orders) return;
    complain(places_.contains("sync.page_size") ? "sync.page_size" : "sync.max_window_orders",
             fmt::format("page_size {} is larger than max_window_orders {}; lower page_size or raise max_window_orders",
                         s_.sync.page_size, s_.sync.max_window_orders));
  }

  void revisit_tiers_increase() {
    using std::chrono::milliseconds;
    for (std::size_t i = 1; i < s_.sync.revisit.size(); ++i) {
      const revisit_tier& before = s_.sync.revisit[i - 1];
      const revisit_tier& tier = s_.sync.revisit[i];
      if (tier.younger_than > milliseconds{0} && tier.younger_than <= before.younger_than) {
        complain(fmt::format("sync.revisit[{}].younger_than", i), "must be greater than in the tier before it");
      }
      if (tier.every > milliseconds{0} && tier.every < before.every) {
        complain(fmt::format("sync.revisit[{}].every", i), "must not be shorter than in the tier before it");
      }
    }
  }

  void push_has_an_address_of_its_own() {
    if (!s_.push.listen || s_.push.listen->port == 0 || s_.push.listen->port != s_.service.listen.port) return;
    const auto is_any = [](const listen_address& at) { return at.host == "0.0.0.0" || at.host == "::"; };
    if (s_.push.listen->host == s_.service.listen.host || is_any(*s_.push.listen) || is_any(s_.service.listen))
      complain("push.listen", "it is the address of service.listen, or includes it; choose another port");
  }

  // What was sent is stored by the name of its file.
  void alerts_differ() {
    for (std::size_t i = 0; i < s_.alerts.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (s_.alerts[i].webhook.text == s_.alerts[j].webhook.text && !s_.alerts[i].webhook.text.empty())
          complain(fmt::format("alerts[{}].webhook_file", i),
                   fmt::format("alerts[{}] already has this file; put all kinds that it is to get into one `on`", j));
  }

  void alerts_hold_no_secret() {
    for (std::size_t i = 0; i < s_.alerts.size(); ++i) {
      const alert& a = s_.alerts[i];
      if (a.webhook.text.find("://") != std::string::npos)
        complain(fmt::format("alerts[{}].webhook_file", i),
                 "this is a URL, and whoever knows it can write there; put it into a file and name the file here");
      const bool signs = a.format == alert_format::dingtalk || a.format == alert_format::feishu;
      if (!a.signing.text.empty() && !signs)
        complain(fmt::format("alerts[{}].secret_file", i),
                 "only robots of dingtalk and feishu check signatures; remove the key, or set the format");
    }
  }

  void a_proxy_gets_whole_credentials() {
    const auto& user = s_.api.proxy_user;
    if (user.find(':') != std::string::npos)
      complain("api.proxy_user", "it contains a colon, behind which a proxy takes the rest for the password");
    if (user.empty() && !s_.api.proxy_password.text.empty() && !places_.contains("api.proxy_user"))
      complain("api.proxy_password_file", "it needs a user; set api.proxy_user");
    if (!user.empty() && s_.api.proxy_password.text.empty() && !places_.contains("api.proxy_password_file"))
      complain("api.proxy_user", "it needs a password; set api.proxy_password_file");
  }

  const settings& s_;
  const std::map<std::string, location>& places_;
  std::vector<problem> problems_;
};

}  // namespace

std::vector<problem> broken_rules(const settings& s, const std::map<std::string, location>& places) {
  return rule_check(s, places).problems();
}

}  // namespace ordersync::config
