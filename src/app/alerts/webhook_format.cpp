#include "app/alerts/webhook_format.hpp"

#include "core/base64.hpp"
#include "core/sha256.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace ordersync::app::alerts {
namespace {

namespace json = boost::json;
using config::alert_format;

// Of what a receiver asks for; after that there is another message in a quarter of an hour.
constexpr std::chrono::minutes longest_retry_after{5};

std::string signature_of(std::string_view key, std::string_view bytes) {
  const auto digest = core::hmac_sha256_of(key, bytes);
  std::string raw;
  for (const auto byte : digest) raw += static_cast<char>(byte);
  return core::base64_of(raw);
}

// What base64 has and a query has not.
std::string in_query(std::string_view base64) {
  std::string out;
  for (const char c : base64) {
    if (c == '+')
      out += "%2B";
    else if (c == '/')
      out += "%2F";
    else if (c == '=')
      out += "%3D";
    else
      out += c;
  }
  return out;
}

// Slack reads these three as its own marks.
std::string for_slack(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

webhook_request dingtalk_request(std::string_view target, std::string_view signing, const std::string& text,
                                 core::instant now) {
  webhook_request request{std::string(target),
                          json::serialize(json::object{{"msgtype", "text"}, {"text", {{"content", text}}}})};
  if (signing.empty()) return request;
  const auto at = fmt::format("{}", now.time_since_epoch().count());
  const auto sign = in_query(signature_of(signing, fmt::format("{}\n{}", at, signing)));
  const char* joint = target.find('?') == std::string_view::npos ? "?" : "&";
  request.target += fmt::format("{}timestamp={}&sign={}", joint, at, sign);
  return request;
}

std::string feishu_body(std::string_view signing, const std::string& text, core::instant now) {
  json::object body{{"msg_type", "text"}, {"content", {{"text", text}}}};
  if (!signing.empty()) {
    const auto at = fmt::format("{}", std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    body["timestamp"] = at;
    body["sign"] = signature_of(fmt::format("{}\n{}", at, signing), "");
  }
  return json::serialize(body);
}

std::optional<std::chrono::milliseconds> retry_after_of(const std::string& header) {
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (header.empty() || failed != std::errc{} || end != header.data() + header.size() || seconds < 0)
    return std::nullopt;
  constexpr std::int64_t most = std::chrono::seconds{longest_retry_after}.count();
  return std::chrono::seconds{std::min(seconds, most)};
}

// The member of a reply that says whether the message was taken, and whether its value means "too many at present".
struct code_rule {
  alert_format format;
  std::string_view member;
  std::array<std::int64_t, 2> busy;
};
constexpr std::array code_rules{code_rule{alert_format::dingtalk, "errcode", {130'101, -1}},
                                code_rule{alert_format::wecom, "errcode", {45'009, -1}},
                                code_rule{alert_format::feishu, "code", {11'232, 9'499}},
                                code_rule{alert_format::feishu, "StatusCode", {11'232, 9'499}}};

// What a receiver documents of its codes; the rest may be anything.
std::string_view advice_on_code(alert_format format, std::int64_t code) {
  if (format == alert_format::dingtalk) {
    if (code == 310'000)  // for each of these
      return "the robot's security settings do not let the message in: check its signing secret (secret_file) and this "
             "machine's clock, that its keyword is ordersync, and its allowed addresses";
    return "check the URL, and the robot's security settings: signing secret (secret_file), keyword (ordersync), "
           "allowed addresses";
  }
  if (format == alert_format::feishu) {
    if (code == 19'021) return "check the robot's signing secret (secret_file), and this machine's clock";
    if (code == 19'022) return "the robot does not allow the address that the message comes from: add it there";
    if (code == 19'024) return "the robot wants a keyword that the message does not have: make ordersync its keyword";
    return "check the URL, and the robot's security settings: signing secret (secret_file), keyword (ordersync), "
           "allowed addresses";
  }
  return "check the URL: the robot may have been removed";
}

// Robots say 200 to everything; whether they took the message is in the body.
delivery by_code(alert_format format, const std::string& body) {
  boost::system::error_code failed;
  const auto value = json::parse(body, failed);
  for (const auto& rule : code_rules) {
    if (rule.format != format || failed || !value.is_object()) continue;
    const auto* member = value.get_object().if_contains(rule.member);
    if (member == nullptr || !member->is_int64()) continue;
    const auto code = member->get_int64();
    if (code == 0) return {delivery_state::accepted, {}, std::nullopt};
    if (std::ranges::find(rule.busy, code) != rule.busy.end())
      return {delivery_state::again, fmt::format("{} {}: too many messages at present", rule.member, code),
              std::nullopt};
    return {delivery_state::rejected, fmt::format("{} {}: {}", rule.member, code, advice_on_code(format, code)),
            std::nullopt};
  }
  return {delivery_state::rejected, "the reply is not one of this format; check the URL and `format`", std::nullopt};
}

}  // namespace

webhook_request request_of(alert_format format, std::string_view target, std::string_view signing, const message& m,
                           const origin& from, core::instant now) {
  const auto text = text_of(m, from);
  switch (format) {
    case alert_format::json:
      return {std::string(target), json::serialize(json_of(m, from))};
    case alert_format::slack:
      return {std::string(target), json::serialize(json::object{{"text", for_slack(text)}})};
    case alert_format::dingtalk:
      return dingtalk_request(target, signing, text, now);
    case alert_format::wecom:
      return {std::string(target), json::serialize(json::object{{"msgtype", "text"}, {"text", {{"content", text}}}})};
    case alert_format::feishu:
      return {std::string(target), feishu_body(signing, text, now)};
  }
  return {};
}

bool has_code(alert_format format) {
  return format != alert_format::json && format != alert_format::slack;
}

delivery delivery_of(alert_format format, const pandapon::http::http_reply& reply) {
  const auto status = fmt::format("HTTP status {}", reply.status);
  const bool succeeded = reply.status >= 200 && reply.status < 300;
  if (succeeded && !has_code(format)) return {delivery_state::accepted, {}, std::nullopt};
  if (!reply.flaw.empty()) return {delivery_state::again, "the reply is invalid: it " + reply.flaw, std::nullopt};
  if (succeeded) return by_code(format, reply.body);
  if (reply.status == 408 || reply.status == 429 || reply.status >= 500)
    return {delivery_state::again, status, retry_after_of(reply.retry_after)};
  if (reply.status >= 300 && reply.status < 400)
    return {delivery_state::rejected, status + ": redirects are not followed; write the new URL into the file",
            std::nullopt};
  return {delivery_state::rejected, status + ": check the URL: it may have been withdrawn", std::nullopt};
}

}  // namespace ordersync::app::alerts
