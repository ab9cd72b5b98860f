#include "store/details/served_json.hpp"

#include "store/details/exact_numbers.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace ordersync::store::details {
namespace {

namespace json = boost::json;

// What is longer is prose.
constexpr std::size_t longest_word = 100;

// How the text of a member looks; any member may be a number, true, false or null besides.
enum class form { number, flag, time, code };

struct kept_member {
  std::string_view name;
  form of;
};

// 1688's documentation of a step has messages and paths of pictures besides.
constexpr std::array step_members{std::to_array<kept_member>({
    {"stepOrderId", form::code},
    {"stepOrderStatus", form::code},
    {"stepPayStatus", form::code},
    {"stepNo", form::code},
    {"lastStep", form::flag},
    {"hasDisbursed", form::flag},
    {"payFee", form::number},
    {"actualPayFee", form::number},
    {"discountFee", form::number},
    {"itemDiscountFee", form::number},
    {"price", form::number},
    {"amount", form::number},
    {"postFee", form::number},
    {"paidFee", form::number},
    {"paidItemFee", form::number},
    {"paidPostFee", form::number},
    {"goodsFee", form::number},
    {"adjustFee", form::number},
    {"adjustPostFee", form::number},
    {"gmtStart", form::time},
    {"gmtPay", form::time},
    {"gmtEnd", form::time},
    {"instantPay", form::flag},
    {"needSellerAction", form::flag},
    {"needSellerCallNext", form::flag},
    {"needLogistics", form::flag},
    {"transferAfterConfirm", form::flag},
    {"buyerPayTimeout", form::number},
    {"buyerConfirmTimeout", form::number},
})};

constexpr std::array refund_members{std::to_array<kept_member>({
    {"refundId", form::code},          {"id", form::code},
    {"orderId", form::code},           {"status", form::code},
    {"alipayPaymentId", form::code},   {"applyPayment", form::number},
    {"refundPayment", form::number},   {"applyCarriage", form::number},
    {"refundCarriage", form::number},  {"canRefundPayment", form::number},
    {"frozenFund", form::number},      {"gmtApply", form::time},
    {"gmtCreate", form::time},         {"gmtModified", form::time},
    {"gmtCompleted", form::time},      {"gmtFreezed", form::time},
    {"gmtTimeOut", form::time},        {"goodsStatus", form::code},
    {"disputeType", form::code},       {"disputeRequest", form::code},
    {"rejectTimes", form::number},     {"applyReasonId", form::code},
    {"rejectReasonId", form::code},    {"applySubReasonId", form::code},
    {"instantRefundType", form::flag}, {"orderEntryIdList", form::code},
    {"disburseChannel", form::code},   {"asynErrCode", form::code},
    {"asynSubErrCode", form::code},    {"orderEntryCountMap", form::number},
})};

// Any of it may be JSON in a string.
json::value opened(const json::value& served) {
  if (!served.is_string()) return served;
  boost::system::error_code failed;
  auto inner = json::parse(with_exact_numbers(served.get_string()), failed);
  return failed ? json::value{} : inner;
}

json::value parsed(std::string_view payload) {
  boost::system::error_code failed;
  auto served = json::parse(with_exact_numbers(payload), failed);
  return failed ? json::value{} : opened(served);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_one_of(char c, std::string_view all) {
  return all.find(c) != std::string_view::npos;
}

bool fits(std::string_view text, form of) {
  if (text.size() > longest_word) return false;
  switch (of) {
    case form::number:
      return std::ranges::all_of(text, [](char c) { return is_digit(c) || is_one_of(c, "+-.eE"); });
    case form::flag:
      return text.size() <= 1 || text == "true" || text == "false" || std::ranges::all_of(text, is_digit);
    case form::time:
      return std::ranges::all_of(text, [](char c) { return is_digit(c) || is_one_of(c, "+-:. TZ"); });
    case form::code:
      return std::ranges::all_of(text, [](char c) { return is_digit(c) || is_letter(c) || is_one_of(c, "_-.:"); });
  }
  return false;
}

// What people write and what they are called seldom fits: it has blanks or is not ASCII.
bool is_word(const json::value& v, form of) {
  if (v.is_structured()) return false;
  const auto* text = v.if_string();
  return text == nullptr || fits(*text, of);
}

// A word, or a list or an object of words.
bool is_plain(const json::value& v, form of) {
  if (const auto* list = v.if_array())
    return std::ranges::all_of(*list, [of](const auto& one) { return is_word(one, of); });
  if (const auto* object = v.if_object())
    return std::ranges::all_of(*object,
                               [of](const auto& m) { return fits(m.key(), form::code) && is_word(m.value(), of); });
  return is_word(v, of);
}

// Ids beyond 2^53, which tools would round, become text.
json::value unrounded(const json::value& v) {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (const auto* number = v.if_int64())
    return *number > exact || *number < -exact ? json::value(std::to_string(*number)) : v;
  if (const auto* number = v.if_uint64()) return json::string(std::to_string(*number));
  if (const auto* list = v.if_array()) {
    json::array all;
    for (const auto& one : *list) all.push_back(unrounded(one));
    return all;
  }
  return v;
}

json::value impersonal_step(const json::value& step) {
  json::object kept;
  if (const auto* object = step.if_object()) {
    for (const auto& member : *object) {
      const auto known = std::ranges::find(step_members, std::string_view{member.key()}, &kept_member::name);
      if (known != step_members.end() && is_word(member.value(), known->of))
        kept.emplace(member.key(), unrounded(member.value()));
    }
  }
  return kept;
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [last, failed] = std::from_chars(digits.data(), end, value);
  if (failed != std::errc{} || last != end || digits.front() == '-') return std::nullopt;
  return value;
}

// "20240507095200000": milliseconds may be missing.
std::optional<core::instant> clock_time(std::string_view digits) {
  if (digits.size() != 14 && digits.size() != 17) return std::nullopt;
  std::array<int, 6> part{};
  constexpr std::array<std::size_t, 7> ends{0, 4, 6, 8, 10, 12, 14};
  for (std::size_t at = 0; at < part.size(); ++at) {
    const auto value = number(digits.substr(ends[at], ends[at + 1] - ends[at]));
    if (!value) return std::nullopt;
    part[at] = *value;
  }
  const auto ms = digits.size() == 17 ? number(digits.substr(14)) : std::optional{0};
  const std::chrono::year_month_day day{std::chrono::year{part[0]}, std::chrono::month{static_cast<unsigned>(part[1])},
                                        std::chrono::day{static_cast<unsigned>(part[2])}};
  if (!ms || !day.ok() || part[3] > 23 || part[4] > 59 || part[5] > 59) return std::nullopt;
  return std::chrono::sys_days{day} + std::chrono::hours{part[3]} + std::chrono::minutes{part[4]} +
         std::chrono::seconds{part[5]} + std::chrono::milliseconds{*ms};
}

// "+0800"
std::optional<std::chrono::minutes> offset(std::string_view text) {
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = number(text.substr(1, 2));
  const auto minutes = number(text.substr(3));
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const auto east = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return text[0] == '-' ? -east : east;
}

// "1715046720000"
std::optional<core::instant> epoch_time(std::string_view digits) {
  std::int64_t ms = 0;
  const auto* end = digits.data() + digits.size();
  const auto [last, failed] = std::from_chars(digits.data(), end, ms);
  if (failed != std::errc{} || last != end || ms < 0) return std::nullopt;
  return core::instant{std::chrono::milliseconds{ms}};
}

bool has_separators(std::string_view text) {
  return text.size() == 19 && text[4] == '-' && text[7] == '-' && text[10] == ' ' && text[13] == ':' && text[16] == ':';
}

}  // namespace

boost::json::value steps_of(std::string_view payload) {
  const auto detail = parsed(payload);
  const auto* served = detail.is_object() ? detail.get_object().if_contains("baseInfo") : nullptr;
  const auto base = served == nullptr ? json::value{} : opened(*served);
  const auto* list = base.is_object() ? base.get_object().if_contains("stepOrderList") : nullptr;
  const auto steps = list == nullptr ? json::value{} : opened(*list);
  if (!steps.is_array() || steps.get_array().empty()) return nullptr;
  json::array kept;
  for (const auto& step : steps.get_array()) kept.push_back(impersonal_step(step));
  return kept;
}

boost::json::value impersonal_refund(std::string_view payload) {
  const auto refund = parsed(payload);
  if (!refund.is_object()) return nullptr;
  json::object kept;
  for (const auto& [name, of] : refund_members) {
    const auto* member = refund.get_object().if_contains(name);
    if (member != nullptr && is_plain(*member, of)) kept.emplace(name, unrounded(*member));
  }
  return kept;
}

std::optional<core::instant> refund_time(std::string_view text, std::chrono::minutes api_zone) {
  if (has_separators(text)) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
    const auto at = clock_time(digits);
    return at ? std::optional{*at - api_zone} : std::nullopt;
  }
  if (text.size() == 13) return epoch_time(text);
  if (text.size() != 22) return std::nullopt;
  const auto at = clock_time(text.substr(0, 17));
  const auto east = offset(text.substr(17));
  return at && east ? std::optional{*at - *east} : std::nullopt;
}

}  // namespace ordersync::store::details
