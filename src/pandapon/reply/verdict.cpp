#include "pandapon/reply/verdict.hpp"

#include "pandapon/http/http_date.hpp"
#include "pandapon/reply/refusals.hpp"
#include "pandapon/text/lower_case.hpp"
#include "pandapon/text/shown_code.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace ordersync::pandapon::reply {
namespace {

using core::failure;
using core::make_error;

constexpr const char* check_credentials =
    "check the account's access_key, access_secret_file and user_id, api.timestamp_unit, and this machine's clock (600 "
    "s off is too much)";
constexpr const char* check_address = "check api.base_url and api.path, and any proxy between this machine and the API";

core::error with_retry_after(core::error error, const http::http_reply& reply, core::second now) {
  error.retry_after =
      http::parse_retry_after(reply.retry_after, http::parse_http_date(reply.date).value_or(now), longest_retry_after);
  return error;
}

core::error unusable(const http::http_reply& reply, std::string_view why) {
  return make_error(failure::unusable_reply,
                    fmt::format("the API's reply (status {}) {}; nothing was taken from it", reply.status, why));
}

core::error refused(std::string_view said) {
  return make_error(failure::refused, fmt::format("{}: it refuses the credentials; {}", said, check_credentials));
}

// A login, a challenge, an error page: whoever wrote it, the API sends JSON.
bool is_web_page(const http::http_reply& reply) {
  const auto type = text::lower_case(reply.content_type);
  if (type.starts_with("text/html") || type.starts_with("application/xhtml")) return true;
  const auto text = reply.body.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return text != std::string::npos && reply.body[text] == '<';
}

core::error web_page(const http::http_reply& reply) {
  const bool redirect = reply.status >= 300 && reply.status <= 399;
  return make_error(
      failure::unreachable,
      fmt::format("something in front of the API answered with a web page (status {}{}), such as a firewall's "
                  "challenge, a login or a proxy's error; have requests from this machine let through, and {}",
                  reply.status, redirect ? ", a redirect, which is never followed" : "", check_address));
}

bool says_success(const envelope& body) {
  return body.code == 200 && body.failure_sign.empty();
}

// The code as it is reported: the word where there is one that may be shown.
std::string code_of(const envelope& body) {
  auto word = text::shown_code(body.failure_code);
  if (!word.empty()) return word;
  return body.code ? std::to_string(*body.code) : std::string("(not a number)");
}

// What the body says beside the status: a code that repeats it says nothing new, and under a 5xx the server may well
// write of its own problems.
refusal named_by(const http::http_reply& reply, const envelope& body) {
  if (says_success(body)) return refusal::none;
  const bool server_error = reply.status >= 500;
  const bool new_code = body.code != reply.status && (!server_error || body.code == 429);
  const auto why = why_refused(body.failure_code, new_code ? body.code : std::nullopt, body.message);
  return server_error && why == refusal::credentials ? refusal::none : why;
}

// None where the body names nothing that is known.
std::optional<core::error> known_refusal(const http::http_reply& reply, const envelope& body, core::second now) {
  const auto said = fmt::format("the API answered code {} (status {})", code_of(body), reply.status);
  switch (named_by(reply, body)) {
    case refusal::too_fast:
      return with_retry_after(make_error(failure::overloaded, said + ": too many requests; lower sync.rate"), reply,
                              now);
    case refusal::later:
      return with_retry_after(make_error(failure::overloaded, said + ": it asks to retry later"), reply, now);
    case refusal::credentials:
      return refused(said);
    case refusal::none:
      break;
  }
  return std::nullopt;
}

core::error unknown_refusal(const http::http_reply& reply, const envelope& body) {
  const auto sign =
      body.failure_sign.empty() ? std::string{} : fmt::format(", and `{}` reports a failure", body.failure_sign);
  auto error = make_error(failure::unusable_reply,
                          fmt::format("the API answered code {} (status {}){}, which is neither a known success code "
                                      "nor a known temporary failure; ask the vendor what it means",
                                      code_of(body), reply.status, sign));
  error.remedy = core::remedy::ask_less;
  return error;
}

bool names_a_failure(const envelope& body) {
  return body.code || !body.failure_code.empty() || !body.failure_sign.empty();
}

core::result<envelope> assess_success(const http::http_reply& reply, core::second now) {
  if (!reply.flaw.empty()) return unusable(reply, reply.flaw);
  auto body = read_envelope(reply.body);
  if (!body) return unusable(reply, fmt::format("is not a valid JSON object; {}", check_address));
  if (!says_success(*body)) {
    if (const auto known = known_refusal(reply, *body, now)) return *known;
    return names_a_failure(*body) ? unknown_refusal(reply, *body) : unusable(reply, body->code_problem);
  }
  return std::move(*body);
}

core::error assess_client_error(const http::http_reply& reply, const std::optional<envelope>& body) {
  const auto status = reply.status;
  if (status == 401 || status == 403) return refused(fmt::format("the API answered status {}", status));
  if (status == 408) return make_error(failure::unreachable, "the API answered status 408: the request took too long");
  // Of an address that is wrong, the code says nothing new.
  const bool wrong_address = (status == 404 || status == 405) && body && body->code == status;
  if (body && names_a_failure(*body) && !wrong_address) return unknown_refusal(reply, *body);
  return make_error(failure::unusable_reply, fmt::format("the API answered status {}; {}", status, check_address));
}

core::error assess_error(const http::http_reply& reply, core::second now) {
  const auto body = reply.flaw.empty() ? read_envelope(reply.body) : std::nullopt;
  if (body) {
    if (const auto known = known_refusal(reply, *body, now)) return *known;
  }
  if (reply.status <= 499) return assess_client_error(reply, body);
  return make_error(
      failure::unreachable,
      fmt::format("the API answered status {}: the API or a proxy in front of it is failing", reply.status));
}

// A success, whatever it holds, or the failure.
core::result<envelope> judge(const http::http_reply& reply, core::second now) {
  const auto status = reply.status;
  if (status == 429) {
    return with_retry_after(
        make_error(failure::overloaded, "the API answered status 429: too many requests; lower sync.rate"), reply, now);
  }
  if (status == 503 && !reply.retry_after.empty()) {
    return with_retry_after(make_error(failure::overloaded, "the API answered status 503: it asks to retry later"),
                            reply, now);
  }
  if (is_web_page(reply)) return web_page(reply);
  if (status == 200) return assess_success(reply, now);
  if (status >= 400 && status <= 599) return assess_error(reply, now);
  if (status >= 300 && status <= 399) {
    return unusable(reply, fmt::format("is a redirect, which is never followed; {}", check_address));
  }
  return unusable(reply, "has an unexpected status");
}

// Whether a refusal is about this call and not about who makes it.
bool is_about_the_call(const http::http_reply& reply) {
  if (reply.status == 403) return true;
  const auto body = reply.flaw.empty() ? read_envelope(reply.body) : std::nullopt;
  return body && (body->code == 403 || denies_permission(body->failure_code, body->message));
}

// A code or a message that asks to retry, and says nothing of too many requests.
bool asks_to_retry(const http::http_reply& reply) {
  const auto body = reply.flaw.empty() ? read_envelope(reply.body) : std::nullopt;
  return body && reply.status != 429 && reply.retry_after.empty() && named_by(reply, *body) == refusal::later;
}

}  // namespace

core::result<page_slices> assess(const http::http_reply& reply, core::second now) {
  const auto body = judge(reply, now);
  if (!body) return body.error();
  auto read = read_page(*body);
  if (!read.page) return unusable(reply, read.problem);
  return std::move(*read.page);
}

core::result<std::string_view> assess_single(const http::http_reply& reply, core::second now) {
  const auto body = judge(reply, now);
  if (!body) {
    // It may mean this one thing alone, which is no reason to ask for all others more slowly.
    if (body.error().kind == failure::overloaded && asks_to_retry(reply))
      return make_error(failure::unreachable, body.error().what);
    if (body.error().kind != failure::refused || !is_about_the_call(reply)) return body.error();
    return make_error(
        failure::not_permitted,
        fmt::format("the API answered status {}: this app may not make the call; have the vendor grant it",
                    reply.status));
  }
  if (body->data.empty() || body->data == "null") return unusable(reply, "has no data");
  return body->data;
}

}  // namespace ordersync::pandapon::reply
