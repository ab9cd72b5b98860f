#include "app/http/status_api_commands.hpp"

#include "app/orders/number_search.hpp"
#include "config/values.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace ordersync::app::http {
namespace {

namespace json = boost::json;

bool is_json(std::string_view content_type) {
  const auto media = content_type.substr(0, content_type.find_first_of("; "));
  return std::ranges::equal(media, std::string_view{"application/json"},
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// A browser sends Origin with every POST; a program sends none.
bool is_foreign(const service::http_request& request) {
  if (request.origin.empty()) return false;
  const auto scheme_end = request.origin.find("://");
  return scheme_end == std::string::npos || request.origin.substr(scheme_end + 3) != request.host;
}

core::error wrong(std::string what) {
  return core::make_error(core::failure::input, std::move(what));
}

core::result<core::second> read_time(const json::object& from, std::string_view key, std::chrono::seconds zone) {
  const auto* given = from.if_contains(key);
  const auto* text = given == nullptr ? nullptr : given->if_string();
  if (text == nullptr) return wrong(fmt::format("\"{}\" is missing; {}", key, config::time_hint));
  const auto time = config::parse_time_point({text->data(), text->size()}, zone);
  if (!time) return wrong(fmt::format("\"{}\" is not a time; {}", key, config::time_hint));
  return *time;
}

core::result<std::vector<std::string>> read_accounts(const json::object& from, const config::settings& settings) {
  std::vector<std::string> names;
  for (const auto& account : settings.accounts) names.push_back(account.name);
  const auto* given = from.if_contains("account");
  if (given == nullptr || given->is_null()) return names;
  const auto* text = given->if_string();
  if (text == nullptr || std::ranges::find(names, std::string_view{text->data(), text->size()}) == names.end())
    return wrong(fmt::format("unknown account; choose one of: {}", fmt::join(names, ", ")));
  return std::vector{std::string{text->data(), text->size()}};
}

}  // namespace

admin_token::admin_token(std::string_view token) : digest_(core::sha256_of(token)) {}

bool admin_token::matches(std::string_view offered) const {
  const auto other = core::sha256_of(offered);
  return CRYPTO_memcmp(digest_.data(), other.data(), digest_.size()) == 0;
}

service::http_answer refusal(unsigned status, std::string_view what, std::string_view cure) {
  return {.status = status,
          .content_type = "application/json",
          .body = json::serialize(json::object{{"error", {{"what", what}, {"cure", cure}}}})};
}

std::optional<service::http_answer> objection(const service::http_request& request,
                                              const std::optional<admin_token>& token) {
  if (!token)
    return refusal(403, "This page is read-only.",
                   "To start, pause and cancel backfills here, set service.admin_token_file and reload the daemon.");
  if (is_foreign(request))
    return refusal(403, "The request comes from another site's page.", "Send it from this daemon's own page.");
  if (!is_json(request.content_type))
    return refusal(415, "The body must be JSON.", "Send Content-Type: application/json.");
  if (request.bearer && token->matches(*request.bearer)) return std::nullopt;
  auto answer =
      refusal(401, request.bearer ? "The admin token is wrong." : "The admin token is missing.",
              "Send Authorization: Bearer TOKEN with the content of the file named in service.admin_token_file.");
  answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"ordersync\"");
  return answer;
}

core::result<backfill_order> read_backfill_order(std::string_view body, const config::settings& settings) {
  boost::system::error_code failed;
  const auto value = json::parse({body.data(), body.size()}, failed);
  const auto* object = failed ? nullptr : value.if_object();
  if (object == nullptr) return wrong("the body is not a JSON object");
  for (const auto& member : *object) {
    if (member.key() != "account" && member.key() != "from" && member.key() != "to")
      return wrong("the body has a member other than \"account\", \"from\" and \"to\"");
  }
  auto accounts = read_accounts(*object, settings);
  if (accounts.has_error()) return accounts.error();
  const auto from = read_time(*object, "from", settings.api.time_zone);
  if (from.has_error()) return from.error();
  const auto to = read_time(*object, "to", settings.api.time_zone);
  if (to.has_error()) return to.error();
  if (*to <= *from) return wrong("\"from\" must be before \"to\" (\"to\" itself is not included)");
  return backfill_order{std::move(*accounts), {*from, *to}};
}

core::result<std::string> read_order_number(std::string_view body) {
  boost::system::error_code failed;
  const auto value = json::parse({body.data(), body.size()}, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto* given = object == nullptr || object->size() != 1 ? nullptr : object->if_contains("number");
  const auto* text = given == nullptr ? nullptr : given->if_string();
  auto number = text == nullptr ? std::string{} : orders::trimmed_number({text->data(), text->size()});
  if (number.empty()) return wrong("the body must be {\"number\": \"...\"}, with the number as text");
  return number;
}

std::optional<job_order> read_job_order(std::string_view path) noexcept {
  constexpr std::string_view root = "/api/backfills/";
  if (!path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  job_order order;
  const auto [end, failed] = std::from_chars(path.data(), path.data() + path.size(), order.id);
  if (failed != std::errc{} || order.id <= 0) return std::nullopt;
  path.remove_prefix(static_cast<std::size_t>(end - path.data()));
  if (path == "/pause")
    order.action = store::jobs::job_action::pause;
  else if (path == "/resume")
    order.action = store::jobs::job_action::resume;
  else if (path == "/cancel")
    order.action = store::jobs::job_action::cancel;
  else
    return std::nullopt;
  return order;
}

}  // namespace ordersync::app::http
