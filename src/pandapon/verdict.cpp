#include "pandapon/verdict.hpp"

#include "pandapon/http_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace ordersync::pandapon {
namespace {

using core::failure;
using core::make_error;

constexpr const char* check_credentials =
    "check the account's access_key, access_secret_file and user_id, api.timestamp_unit, and this machine's clock (600 "
    "s "
    "off is too much)";
constexpr const char* check_address = "check api.base_url and api.path, and what stands between here and the API";

// Words in `msg` that say the request was not accepted as ours. The codes for it are not documented, so the text is the
// only hint; taking it wrongly only changes the advice and how soon the next try is.
constexpr std::array<std::string_view, 10> credential_words{"signature", "access-key", "access_key",   "accesskey",
                                                            "nonce-str", "timestamp",  "unauthorized", "签名",
                                                            "密钥",      "时间戳"};

bool about_credentials(std::string_view message) {
  std::string lower(message);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::any_of(credential_words.begin(), credential_words.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

core::error with_retry_after(core::error error, const http_reply& reply, core::second now) {
  error.retry_after =
      parse_retry_after(reply.retry_after, parse_http_date(reply.date).value_or(now), longest_retry_after);
  return error;
}

core::error unusable(const http_reply& reply, std::string_view why) {
  return make_error(failure::unusable_reply,
                    fmt::format("the API's reply (status {}) {}; nothing was taken from it", reply.status, why));
}

// A failure that the body names by its code, under whatever status.
core::error by_code(const http_reply& reply, const envelope& body, core::second now) {
  if (!body.code) return unusable(reply, body.code_problem);
  const auto code = *body.code;
  const auto said = fmt::format("the API answered code {} (status {})", code, reply.status);
  if (code == 401 || code == 403 || about_credentials(body.message)) {
    return make_error(failure::refused,
                      fmt::format("{}: it does not accept the credentials; {}", said, check_credentials));
  }
  if (code == 429 || (code >= 500 && code <= 599)) {
    return with_retry_after(make_error(failure::overloaded, said + ": it asks to come back later"), reply, now);
  }
  return make_error(failure::unusable_reply,
                    said + ", which is not known to mean success or a passing trouble; ask the vendor what it means");
}

core::result<page_slices> judge_success(const http_reply& reply, core::second now) {
  if (!reply.flaw.empty()) return unusable(reply, reply.flaw);
  if (!reply.content_encoding.empty() && reply.content_encoding != "identity") {
    return unusable(reply, "is encoded although none was asked for");
  }
  const auto body = read_envelope(reply.body);
  if (!body) return unusable(reply, fmt::format("is not a JSON object that can be read; {}", check_address));
  if (body->code != 200) return by_code(reply, *body, now);
  auto read = read_page(*body);
  if (!read.page) return unusable(reply, read.problem);
  return std::move(*read.page);
}

core::error judge_client_error(const http_reply& reply, core::second now) {
  const auto body = reply.flaw.empty() ? read_envelope(reply.body) : std::nullopt;
  // Code 200 beside such a status contradicts itself; a code equal to the status says nothing new.
  if (body && body->code && *body->code != 200 && *body->code != reply.status) return by_code(reply, *body, now);
  if (body && about_credentials(body->message)) return by_code(reply, *body, now);
  return make_error(failure::unusable_reply,
                    fmt::format("the API answered status {}; {}", reply.status, check_address));
}

core::error judge_server_error(const http_reply& reply, core::second now) {
  const auto said = fmt::format("the API answered status {}", reply.status);
  if (reply.status == 503 && !reply.retry_after.empty()) {
    return with_retry_after(make_error(failure::overloaded, said + ": it asks to come back later"), reply, now);
  }
  return make_error(failure::unreachable, said + ": it is failing, or something in front of it is");
}

}  // namespace

core::result<page_slices> judge(const http_reply& reply, core::second now) {
  const auto status = reply.status;
  if (status == 200) return judge_success(reply, now);
  if (status == 429) {
    return with_retry_after(
        make_error(failure::overloaded, "the API answered status 429: too many requests; lower sync.rate"), reply, now);
  }
  if (status == 401 || status == 403) {
    return make_error(
        failure::refused,
        fmt::format("the API answered status {}: it does not accept the credentials; {}", status, check_credentials));
  }
  if (status == 408) return make_error(failure::unreachable, "the API answered status 408: the request took too long");
  if (status >= 400 && status <= 499) return judge_client_error(reply, now);
  if (status >= 500 && status <= 599) return judge_server_error(reply, now);
  if (status >= 300 && status <= 399) {
    return unusable(reply, fmt::format("is a redirect, which is never followed; {}", check_address));
  }
  return unusable(reply, "has a status that is not known as an answer to this request");
}

}  // namespace ordersync::pandapon
