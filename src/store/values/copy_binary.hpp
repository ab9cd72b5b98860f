#pragma once
// Rows in the binary form of COPY, for the table with long texts: the text form's search for escapes costs the
// server as much as the rest of such a row. Pure.
//
// Text must be valid UTF-8 without NUL bytes, as for copy_text.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ordersync::store::values {

// Begin each row with the number of its columns, then add them in order; end() after the last row.
class copy_binary {
 public:
  copy_binary();

  void begin_row(std::int16_t columns);
  void null();
  void add(std::int64_t bigint);
  void add(std::string_view text);
  void add(std::span<const unsigned char> bytea);
  void end();

  std::string_view text() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

 private:
  template <class T>
  void put(T number);  // the most significant byte first

  std::string bytes_;
};

}  // namespace ordersync::store::values
