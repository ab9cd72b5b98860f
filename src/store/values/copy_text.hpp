#pragma once
// Values in the text form of COPY: columns parted by tabs, rows by newlines, NULL as \N, backslash as escape. Pure.
//
// Text must be valid UTF-8 without NUL bytes; PostgreSQL refuses the whole COPY otherwise.

#include "core/order.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::values {

// Add the columns of a row one by one, then end_row(). The text grows until clear().
class copy_text {
 public:
  copy_text& null();
  copy_text& add(std::int64_t value);
  copy_text& add(int value) { return add(std::int64_t{value}); }
  copy_text& add(bool value);
  copy_text& add(std::string_view value);
  copy_text& add(const char* value) { return add(std::string_view{value}); }
  copy_text& add(core::instant value);                    // timestamptz
  copy_text& add(std::span<const unsigned char> value);   // bytea
  copy_text& add(const std::vector<std::string>& value);  // text[]
  template <class T>
  copy_text& add(const std::optional<T>& value) {
    return value ? add(*value) : null();
  }

  void end_row();
  std::string_view text() const noexcept { return text_; }
  void clear() noexcept { text_.clear(); }

 private:
  void separate();
  void escape(std::string_view value);

  std::string text_;
  bool in_row_ = false;
};

// PostgreSQL's literal of a one-dimensional array, as a statement's parameter takes it: {"a","b\"c"}.
std::string array_literal(const std::vector<std::string>& values);
std::string array_literal(const std::vector<std::int64_t>& values);

// "2024-05-07T01:52:00.123Z".
void append_instant(std::string& out, core::instant value);

// "\x00ff..": how PostgreSQL prints bytea, and takes it.
std::string bytea_literal(std::span<const unsigned char> bytes);

}  // namespace ordersync::store::values
