#include "pandapon/json/scalar.hpp"

#include "pandapon/text/decimal.hpp"
#include "pandapon/text/lower_case.hpp"

#include <algorithm>
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

bool is_in_range(core::instant time) {
  using namespace std::chrono;
  constexpr core::instant earliest = sys_days{year{1} / 1 / 1};
  constexpr core::instant latest = sys_days{year{9999} / 12 / 31} + hours{24} - milliseconds{1};
  return time >= earliest && time <= latest;
}

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  for (const char c : text.substr(at, digits)) number = number * 10 + (c - '0');
  return number;
}

// "20170913231916000-0700": yyyyMMddHHmmss, milliseconds, offset.
std::optional<core::instant> zoned_time(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view form = "ddddddddddddddddd+dddd";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == 'd' ? !digit : text[i] != '+' && text[i] != '-') return std::nullopt;
  }
  const year_month_day date{year{number_at(text, 0, 4)}, month{static_cast<unsigned>(number_at(text, 4, 2))},
                            day{static_cast<unsigned>(number_at(text, 6, 2))}};
  const hours hour{number_at(text, 8, 2)}, zone_hour{number_at(text, 18, 2)};
  const minutes minute{number_at(text, 10, 2)}, zone_minute{number_at(text, 20, 2)};
  const seconds sec{number_at(text, 12, 2)};
  constexpr hours farthest{15};  // no zone is farther from UTC
  if (!date.ok() || hour >= hours{24} || minute >= minutes{60} || sec >= seconds{60}) return std::nullopt;
  if (zone_hour > farthest || zone_minute >= minutes{60}) return std::nullopt;
  const auto zone = text[17] == '-' ? -(zone_hour + zone_minute) : zone_hour + zone_minute;
  return sys_days{date} + hour + minute + sec + milliseconds{number_at(text, 14, 3)} - zone;
}

}  // namespace

std::string_view read_text(const json_value& value, core::text& out) {
  if (value.kind == json_kind::null) return fine;
  std::string_view text;
  if (const auto complaint = spelling(value, text); !complaint.empty()) return complaint;
  out.emplace(text);
  return fine;
}

std::string_view read_id(const json_value& value, core::text& out) {
  constexpr std::size_t longest_id = 64;
  core::text id;
  if (const auto complaint = read_text(value, id); !complaint.empty()) return complaint;
  if (id && id->size() > longest_id) return "is longer than an id";
  out = std::move(id);
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
  core::integer count;
  if (const auto complaint = read_integer(value, count); !complaint.empty()) return complaint;
  if (!count) return fine;
  const core::instant time{std::chrono::milliseconds{*count}};
  if (!is_in_range(time)) return "is a time outside the years 1 to 9999";
  out = time;
  return fine;
}

std::string_view read_yuan(const json_value& value, core::fen& out) {
  constexpr std::size_t decimals = 2;
  core::text plain;
  if (const auto complaint = read_decimal(value, plain); !complaint.empty()) return complaint;
  if (!plain) return fine;
  const auto point = std::min(plain->find('.'), plain->size());
  const auto served = plain->size() - std::min(point + 1, plain->size());
  if (served > decimals) return "has more than two decimals, so it is not a whole number of fen";
  plain->erase(point, 1).append(decimals - served, '0');
  std::int64_t fen = 0;
  const auto parsed = std::from_chars(plain->data(), plain->data() + plain->size(), fen);
  if (parsed.ec != std::errc{}) return "is an amount beyond 64 bits of fen";
  out = fen;
  return fine;
}

std::string_view read_zoned_time(const json_value& value, std::optional<core::instant>& out) {
  if (says_nothing(value)) return fine;
  if (value.kind == json_kind::unusable) return value.text;
  const auto time = value.kind == json_kind::text ? zoned_time(value.text) : std::nullopt;
  if (!time) return "is not a time such as 20170913231916000-0700";
  if (!is_in_range(*time)) return "is a time outside the years 1 to 9999";
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
