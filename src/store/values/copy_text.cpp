#include "store/values/copy_text.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iterator>

namespace ordersync::store::values {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// What stands behind the backslash for a byte that COPY must not see bare; 0 for all others. A table, because every
// byte of every payload is looked at: find_first_of took most of the database thread's time.
constexpr auto escaped_as = [] {
  std::array<char, 256> table{};
  table['\\'] = '\\';
  table['\t'] = 't';
  table['\n'] = 'n';
  table['\r'] = 'r';
  return table;
}();

void append_hex(std::string& out, std::span<const unsigned char> bytes) {
  for (const auto byte : bytes) {
    out.push_back(hex_digits[byte >> 4U]);
    out.push_back(hex_digits[byte & 15U]);
  }
}

void append_digits(std::string& out, unsigned value, int width) {
  std::array<char, 10> digits{};
  for (int i = width; i-- > 0; value /= 10) digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  out.append(digits.data(), static_cast<std::size_t>(width));
}

}  // namespace

// As core::to_text, without the cost of a format string: a batch holds ten thousand of them.
void append_instant(std::string& out, core::instant value) {
  using namespace std::chrono;
  const auto day = floor<days>(value);
  const year_month_day date{day};
  if (const int year = static_cast<int>(date.year()); year < 1 || year > 9999) {
    out += core::to_text(value);
    return;
  }
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_digits(out += '-', static_cast<unsigned>(date.month()), 2);
  append_digits(out += '-', static_cast<unsigned>(date.day()), 2);
  const auto of_day = static_cast<unsigned>((value - day).count());
  append_digits(out += 'T', of_day / 3'600'000, 2);
  append_digits(out += ':', of_day / 60'000 % 60, 2);
  append_digits(out += ':', of_day / 1'000 % 60, 2);
  append_digits(out += '.', of_day % 1'000, 3);
  out += 'Z';
}

void copy_text::separate() {
  if (in_row_) text_.push_back('\t');
  in_row_ = true;
}

void copy_text::escape(std::string_view value) {
  for (std::size_t begin = 0;;) {
    auto end = begin;
    while (end < value.size() && escaped_as[static_cast<unsigned char>(value[end])] == 0) ++end;
    text_.append(value, begin, end - begin);
    if (end == value.size()) return;
    text_.push_back('\\');
    text_.push_back(escaped_as[static_cast<unsigned char>(value[end])]);
    begin = end + 1;
  }
}

copy_text& copy_text::null() {
  separate();
  text_ += "\\N";
  return *this;
}

copy_text& copy_text::add(std::int64_t value) {
  separate();
  fmt::format_to(std::back_inserter(text_), FMT_STRING("{}"), value);
  return *this;
}

copy_text& copy_text::add(bool value) {
  separate();
  text_.push_back(value ? 't' : 'f');
  return *this;
}

copy_text& copy_text::add(std::string_view value) {
  separate();
  escape(value);
  return *this;
}

copy_text& copy_text::add(core::instant value) {
  separate();
  append_instant(text_, value);
  return *this;
}

copy_text& copy_text::add(std::span<const unsigned char> value) {
  separate();
  text_ += "\\\\x";  // the backslash of \x is itself escaped
  append_hex(text_, value);
  return *this;
}

copy_text& copy_text::add(const std::vector<std::string>& value) {
  return add(std::string_view{array_literal(value)});
}

void copy_text::end_row() {
  text_.push_back('\n');
  in_row_ = false;
}

std::string array_literal(const std::vector<std::string>& values) {
  std::string out = "{";
  for (const auto& value : values) {
    out += out.size() == 1 ? "\"" : ",\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  return out += '}';
}

std::string array_literal(const std::vector<std::int64_t>& values) {
  return fmt::format("{{{}}}", fmt::join(values, ","));
}

std::string bytea_literal(std::span<const unsigned char> bytes) {
  std::string out = "\\x";
  append_hex(out, bytes);
  return out;
}

}  // namespace ordersync::store::values
