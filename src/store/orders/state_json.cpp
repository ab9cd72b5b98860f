#include "store/orders/state_json.hpp"

#include "store/values/copy_text.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace ordersync::store::orders {
namespace {

// Bytes that a JSON string must not hold bare. A table, because every byte of every state is looked at.
constexpr auto special = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = table['\\'] = true;
  return table;
}();

}  // namespace

void state_json::separate() {
  if (!first_) text_.push_back(',');
  first_ = false;
}

void state_json::open(char bracket) {
  separate();
  text_.push_back(bracket);
  first_ = true;
}

void state_json::close(char bracket) {
  text_.push_back(bracket);
  first_ = false;
}

void state_json::name(std::string_view member) {
  separate();
  text_.push_back('"');
  text_ += member;
  text_ += "\":";
  first_ = true;
}

void state_json::value(std::string_view json) {
  separate();
  text_ += json;
}

void state_json::quote(std::string_view text) {
  text_.push_back('"');
  for (std::size_t begin = 0;;) {
    auto end = begin;
    while (end < text.size() && !special[static_cast<unsigned char>(text[end])]) ++end;
    text_.append(text, begin, end - begin);
    if (end == text.size()) break;
    fmt::format_to(std::back_inserter(text_), FMT_STRING("\\u{:04x}"), static_cast<unsigned>(text[end]));
    begin = end + 1;
  }
  text_.push_back('"');
}

void state_json::add(std::int64_t number) {
  separate();
  fmt::format_to(std::back_inserter(text_), FMT_STRING("{}"), number);
}

void state_json::add(std::string_view text) {
  separate();
  quote(text);
}

void state_json::add(core::instant time) {
  separate();
  text_.push_back('"');
  values::append_instant(text_, time);
  text_.push_back('"');
}

void state_json::add(const std::vector<std::string>& texts) {
  open('[');
  for (const auto& text : texts) add(text);
  close(']');
}

}  // namespace ordersync::store::orders
