#include "app/exports/table_text.hpp"

#include "core/local_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace ordersync::app::exports {
namespace {

using store::feed::cell;
using store::feed::column_kind;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view line_end = "\r\n";
constexpr std::size_t longest_literal = 255;  // that Excel takes in a formula

core::instant moment_of(std::string_view milliseconds) {
  std::int64_t count = 0;
  const auto* const end = milliseconds.data() + milliseconds.size();
  const auto read = std::from_chars(milliseconds.data(), end, count);
  if (read.ec != std::errc{} || read.ptr != end) throw std::logic_error("a moment is no number");
  return core::instant{std::chrono::milliseconds{count}};
}

// "2026-11-28 20:49:08": what Excel takes for a time.
std::string clock_text(core::instant t, std::chrono::minutes zone) {
  auto text = core::to_text(std::chrono::floor<std::chrono::seconds>(t) + zone);
  text[text.find('T')] = ' ';
  text.pop_back();
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

bool may_become_a_formula(std::string_view text) {
  static constexpr std::array<std::string_view, 11> beginnings{"=",  "+",  "-",  "@",  "\t", "\r",
                                                               "\n", "＝", "＋", "－", "＠"};
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return std::ranges::any_of(beginnings, [&](std::string_view one) { return text.starts_with(one); });
}

bool may_become_a_number(std::string_view text) {
  return !text.empty() && is_digit(text.front()) && text.size() <= longest_literal &&
         std::ranges::none_of(text, is_control);
}

void append_doubling_quotes(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (is_control(c))
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  out += '"';
}

// PostgreSQL also has the numbers NaN and Infinity, which JSON has not.
bool is_json_number(std::string_view text) {
  return !text.empty() && is_digit(text.back()) && text.find_first_not_of("-.0123456789") == std::string_view::npos;
}

void append_json(std::string& out, column_kind kind, const cell& value) {
  if (!value)
    out += "null";
  else if (kind == column_kind::flag)
    out += *value == "t" ? "true" : "false";
  else if (kind == column_kind::json || (kind == column_kind::number && is_json_number(*value)))
    out += *value;
  else if (kind == column_kind::moment)
    append_json_string(out, core::to_text(moment_of(*value)));
  else
    append_json_string(out, *value);
}

}  // namespace

std::string excel_text(std::string_view text) {
  if (may_become_a_formula(text)) return "'" + std::string{text};
  if (!may_become_a_number(text)) return std::string{text};
  std::string literal = "=\"";
  append_doubling_quotes(literal, text);
  return literal + '"';
}

void append_field(std::string& out, std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of("\",\r\n") == std::string_view::npos && text.front() != ' ' &&
                     text.back() != ' ';
  if (plain) {
    out += text;
    return;
  }
  out += '"';
  append_doubling_quotes(out, text);
  out += '"';
}

void table_text::begin(std::string& out, const std::vector<store::feed::column>& columns) {
  kinds_.clear();
  keys_.clear();
  if (as_ == table_format::excel) out += byte_order_mark;
  for (const auto& column : columns) {
    if (as_ == table_format::ndjson) {
      append_json_string(keys_.emplace_back(), column.name);
      keys_.back() += ':';
    } else {
      if (!kinds_.empty()) out += ',';
      append_field(out, column.name);
    }
    kinds_.push_back(column.kind);
  }
  if (as_ != table_format::ndjson) out += line_end;
}

void table_text::row(std::string& out, const std::vector<cell>& cells) const {
  if (cells.size() != kinds_.size()) throw std::logic_error("a row has other columns than its table");
  as_ == table_format::ndjson ? append_object(out, cells) : append_record(out, cells);
}

void table_text::append_object(std::string& out, const std::vector<cell>& cells) const {
  out += '{';
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    out += keys_[i];
    append_json(out, kinds_[i], cells[i]);
  }
  out += "}\n";
}

void table_text::append_record(std::string& out, const std::vector<cell>& cells) const {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    if (cells[i]) append_field(out, value_text(kinds_[i], *cells[i]));
  }
  out += line_end;
}

std::string table_text::value_text(column_kind kind, std::string_view value) const {
  const bool excel = as_ == table_format::excel;
  if (kind == column_kind::moment)
    return excel ? clock_text(moment_of(value), zone_) : core::local_text(moment_of(value), zone_);
  if (kind == column_kind::flag) return value == "t" ? "true" : "false";
  return excel && kind == column_kind::text ? excel_text(value) : std::string{value};
}

}  // namespace ordersync::app::exports
