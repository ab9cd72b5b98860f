#include "pandapon/reply/refusals.hpp"

#include "pandapon/text/lower_case.hpp"

#include <algorithm>
#include <array>

namespace ordersync::pandapon::reply {
namespace {

// The beginnings of codes, in lower case.
constexpr std::array<std::string_view, 3> codes_of_haste{"gw.qos", "accesscontrol.limited", "isp.call-limited"};
constexpr std::array<std::string_view, 4> codes_of_credentials{"gw.signatureinvalid", "gw.aclpdecline",
                                                               "gw.apiacldecline", "gw.authaccess"};

constexpr std::array<std::string_view, 19> words_of_haste{
    "频繁",     "频率", "限流",         "流控",        "超过限制次数", "调用次数",   "请求次数",
    "访问次数", "过快", "太快",         "frequen",     "rate limit",   "rate-limit", "ratelimit",
    "throttl",  "qps",  "flow control", "flowcontrol", "too fast"};
constexpr std::array<std::string_view, 13> words_of_credentials{
    "signature", "access-key", "access_key", "accesskey", "nonce-str", "timestamp", "unauthorized",
    "签名",      "密钥",       "时间戳",     "未授权",    "鉴权",      "无权限"};
constexpr std::array<std::string_view, 2> codes_of_permission{"gw.aclpdecline", "gw.apiacldecline"};
constexpr std::array<std::string_view, 4> words_of_permission{"无权限", "没有权限", "无权调用", "no permission"};
constexpr std::array<std::string_view, 2> words_of_many{"too many", "quota"};
constexpr std::array<std::string_view, 9> words_of_overload{"稍后", "稍候",  "繁忙",     "重试",       "later",
                                                            "busy", "again", "overload", "unavailable"};
// With these it is what was asked for that is too much, not how often: "too many orders, narrow the range and try
// again", "the end must not be later than now".
constexpr std::array<std::string_view, 9> words_of_range{"range", "narrow", "later than", "范围",    "区间",
                                                         "跨度",  "缩小",   "晚于",       "interval"};

template <std::size_t N>
bool begins_with_one_of(std::string_view text, const std::array<std::string_view, N>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](auto one) { return text.starts_with(one); });
}

template <std::size_t N>
bool holds_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

refusal why_refused(std::string_view code, std::optional<std::int64_t> number, std::string_view message) {
  const auto lower_code = text::lower_case(code);
  const auto lower = text::lower_case(message);
  if (begins_with_one_of(lower_code, codes_of_haste)) return refusal::too_fast;
  if (begins_with_one_of(lower_code, codes_of_credentials)) return refusal::credentials;
  if (number == 429 || holds_one_of(lower, words_of_haste)) return refusal::too_fast;
  if (holds_one_of(lower, words_of_credentials)) return refusal::credentials;
  const bool about_range = holds_one_of(lower, words_of_range);
  if (!about_range && holds_one_of(lower, words_of_many)) return refusal::too_fast;
  if (!about_range && holds_one_of(lower, words_of_overload)) return refusal::later;
  const auto code_number = number.value_or(0);
  if (code_number >= 500 && code_number <= 599) return refusal::later;
  if (code_number == 401 || code_number == 403) return refusal::credentials;
  return refusal::none;
}

bool denies_permission(std::string_view code, std::string_view message) {
  return begins_with_one_of(text::lower_case(code), codes_of_permission) ||
         holds_one_of(text::lower_case(message), words_of_permission);
}

}  // namespace ordersync::pandapon::reply
