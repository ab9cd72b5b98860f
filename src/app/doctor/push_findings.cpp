#include "app/doctor/push_findings.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

namespace ordersync::app::doctor {
namespace {

using std::chrono::seconds;
using store::push::push_figures;

// Longer than a quiet night.
constexpr std::chrono::hours longest_silence{24};
// Lost messages come one by one; when many are missing, something keeps them away.
constexpr std::int64_t enough_changes = 20;
// Anybody can send one; the vendor sends each six times.
constexpr std::int64_t more_than_a_stranger = 3;

std::string ago(core::instant then, core::instant now) {
  return setup::spoken(std::max(seconds{0}, std::chrono::floor<seconds>(now - then))) + " ago";
}

check warning(check one, std::string found, std::string_view cure) {
  one.state = check_state::warning;
  one.found = std::move(found);
  one.cure = cure;
  return one;
}

constexpr std::string_view check_secret =
    "compare the access secret in the vendor's console with the account's, and make sure that the proxy passes the "
    "Authorization header and does not change the body";
constexpr std::string_view check_address =
    "check the address in the vendor's console, the proxy in front of push.listen, and that the daemon runs";

}  // namespace

check assess_push(const std::string& account, const core::result<push_figures>& push, const arrivals& of_all,
                  core::instant now) {
  check one{.name = "push", .account = account};
  if (push.has_error()) {
    one.state = check_state::failed;
    one.found = push.error().what;
    one.cure = "check PostgreSQL's log";
    one.failing = setup::exit_code::database;
    return one;
  }
  const auto refused = of_all.refusals.find("signature");
  const bool badly_signed = refused != of_all.refusals.end() && refused->second.day >= more_than_a_stranger &&
                            (!of_all.latest_at || *of_all.latest_at < refused->second.last_at);
  if (badly_signed)
    return warning(one,
                   fmt::format("{} messages in the last day had a wrong signature or none, the last {}; none of any "
                               "account has been accepted since",
                               refused->second.day, ago(refused->second.last_at, now)),
                   check_secret);
  if (!push->latest_at) return warning(one, "push.listen is set, but no message has ever come", check_address);
  auto found = fmt::format("signatures hold; the latest message came {}", ago(*push->latest_at, now));
  if (push->changes > 0)
    found += fmt::format("; {} of {} changes in the last day came without one", push->unannounced, push->changes);
  const bool many_missing = push->changes >= enough_changes && push->unannounced > push->changes / 2;
  if (many_missing || (now - *push->latest_at > longest_silence && push->changes > 0))
    return warning(one, std::move(found), check_address);
  one.found = std::move(found);
  return one;
}

}  // namespace ordersync::app::doctor
