#include "gate.hpp"

#include "answer.hpp"

#include <string>
#include <utility>

namespace pandapon_sim {
namespace {

reply of(unsigned status, std::string body) {
  reply out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

constexpr const char* challenge_page =
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>checking your browser before accessing "
    "the site</h1><noscript>Please enable JavaScript and cookies</noscript></body></html>\n";
constexpr const char* too_frequent = R"({"code":50010,"msg":"请求过于频繁，请稍后再试","data":null})";
constexpr const char* frequency_limit =
    R"({"error_code":"gw.QosAppFrequencyLimit","error_message":"App call frequency limit"})";

}  // namespace

std::optional<reply> challenge(const gate_rules& rules, const moment& at) {
  if (rules.challenge_status == 0 || at.running_ms < rules.challenge_from_ms) return std::nullopt;
  if (rules.challenge_for_ms && at.running_ms >= rules.challenge_from_ms + *rules.challenge_for_ms) return std::nullopt;
  reply out = of(rules.challenge_status, challenge_page);
  out.content_type = "text/html; charset=utf-8";
  return out;
}

reply refuse_for_rate(throttle as, std::uint64_t request_number) {
  reply out = envelope(429, 42900, "too many requests", request_number);
  switch (as) {
    case throttle::status_429:
      out.headers.push_back({"Retry-After", "1"});
      break;
    case throttle::status_503:
      out.status = 503;
      break;
    case throttle::code:
      return of(200, too_frequent);
    case throttle::code_400:
      return of(400, too_frequent);
    case throttle::qos:
      return of(200, frequency_limit);
    case throttle::qos_400:
      return of(400, frequency_limit);
    case throttle::unknown:
      return of(200, R"({"code":71234,"msg":"E71234","data":null})");
  }
  return out;
}

std::optional<epoch_ms> shown_date(const gate_rules& rules, epoch_ms now, std::uint64_t reply_number) {
  if (rules.no_date) return std::nullopt;
  if (rules.date_fixed) return rules.date_fixed;
  if (rules.date_skews_ms.empty()) return now;
  return now + rules.date_skews_ms[reply_number % rules.date_skews_ms.size()];
}

}  // namespace pandapon_sim
