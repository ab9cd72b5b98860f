#include "pandapon/json/scalar.hpp"

#include "pandapon/text/decimal.hpp"
#include "pandapon/text/lower_case.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace ordersync::pandapon::json {
namespace {

constexpr std::string_view fine{};

bool says_nothing(const json_value& value) {
  if (value.kind == json_kind::null) return true;
  if (value.kind != json_kind::text) return false;
  return value.text == "null" || value.text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// What a number or a text spells; the complaint about anything else.
std::string_view spelling(const json_value& value, std::string_view& out) {
  if (value.kind == json_kind::unusable) return value.text;
  if (value.kind != json_kind::number && value.kind != json_kind::text) return "is neither a number nor a string";
  out = value.text;
  return fine;
}

bool plain_integer(std::string_view text, std::int64_t& out) {
  const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.size() > 1 && digits.front() == '0') return false;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
}

// 1688's documented words, and those of the vendor's push messages that can mean but one number.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 12> status_words{{
    {"waitbuyerpay", 1},
    {"waiting_for_payment", 1},
    {"waitsellersend", 2},
    {"waiting_for_sent", 2},
    {"waitbuyerreceive", 3},
    {"waitlogisticstakein", 3},
    {"waitbuyersign", 3},
    {"signinsuccess", 3},
    {"confirm_goods", 4},
    {"success", 5},
    {"cancel", 6},
    {"terminated", 7},
}};
constexpr std::size_t longest_status_word = 19;

}  // namespace

std::string_view read_text(const json_value& value, core::text& out) {
  if (value.kind == json_kind::null) return fine;
  std::string_view text;
  if (const auto complaint = spelling(value, text); !complaint.empty()) return complaint;
  out.emplace(text);
  return fine;
}

std::string_view read_integer(const json_value& value, core::integer& out) {
  if (says_nothing(value)) return fine;
  std::string_view text;
  if (const auto complaint = spelling(value, text); !complaint.empty()) return complaint;
  std::int64_t number = 0;
  if (!plain_integer(text, number)) {
    const auto plain = text::plain_decimal(text);
    if (!plain) return "is not a number, or has too many digits";
    if (plain->find('.') != std::string::npos) return "is not a whole number";
    if (!plain_integer(*plain, number)) return "is a whole number beyond 64 bits";
  }
  out = number;
  return fine;
}

std::string_view read_small_integer(const json_value& value, core::integer& out) {
  core::integer number;
  if (const auto complaint = read_integer(value, number); !complaint.empty()) return complaint;
  using limits = std::numeric_limits<std::int32_t>;
  if (number && (*number < limits::min() || *number > limits::max())) return "is a whole number beyond 32 bits";
  out = number;
  return fine;
}

std::string_view read_order_status(const json_value& value, core::integer& out) {
  if (value.kind == json_kind::text && value.text.size() <= longest_status_word) {
    const auto word = text::lower_case(value.text);
    for (const auto& [known, number] : status_words) {
      if (word != known) continue;
      out = number;
      return fine;
    }
  }
  return read_small_integer(value, out);
}

std::string_view read_decimal(const json_value& value, core::text& out) {
  if (says_nothing(value)) return fine;
  std::string_view text;
  if (const auto complaint = spelling(value, text); !complaint.empty()) return complaint;
  auto plain = text::plain_decimal(text);
  if (!plain) return "is not a number, or has too many digits";
  out = std::move(*plain);
  return fine;
}

std::string_view read_time(const json_value& value, std::optional<core::instant>& out) {
  using namespace std::chrono;
  constexpr core::instant earliest = sys_days{year{1} / 1 / 1};
  constexpr core::instant latest = sys_days{year{9999} / 12 / 31} + hours{24} - milliseconds{1};
  core::integer count;
  if (const auto complaint = read_integer(value, count); !complaint.empty()) return complaint;
  if (!count) return fine;
  const core::instant time{milliseconds{*count}};
  if (time < earliest || time > latest) return "is a time outside the years 1 to 9999";
  out = time;
  return fine;
}

std::string_view read_flag(const json_value& value, std::optional<bool>& out) {
  if (value.kind == json_kind::boolean) {
    out = value.truth;
    return fine;
  }
  if (says_nothing(value)) return fine;
  std::string_view text;
  if (const auto complaint = spelling(value, text); !complaint.empty()) return complaint;
  if (text != "true" && text != "false" && text != "1" && text != "0") return "is neither true nor false";
  out = text == "true" || text == "1";
  return fine;
}

}  // namespace ordersync::pandapon::json
