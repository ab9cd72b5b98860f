#pragma once
// Rows in the binary form of COPY: the text form costs both sides more, because it must be searched for escapes and
// parsed value by value. Pure.
//
// Hazard: a value's bytes must be those of its column's type; each add() says which type that is. Text must be valid
// UTF-8 without NUL bytes. Whatever is not as the column wants it, PostgreSQL refuses with the whole COPY.

#include "core/order.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::values {

// Begin each row with the number of its columns, then add them in order; end() after the last row. The bytes grow until
// clear().
class copy_binary {
 public:
  copy_binary();

  void begin_row(std::size_t columns);
  void null();
  void add(std::int64_t value);      // bigint
  void add(int value);               // integer
  void add(bool value);              // boolean
  void add(std::string_view value);  // text
  void add(const std::string& value) { add(std::string_view{value}); }
  void add(const char* value) = delete;            // it would be taken for a boolean
  void add(core::instant value);                   // timestamptz
  void add(std::span<const unsigned char> value);  // bytea
  void add(const core::sha256& value) { add(std::span<const unsigned char>{value}); }
  void add(const std::vector<std::string>& value);  // text[]
  template <class T>
  void add(const std::optional<T>& value) {
    value ? add(*value) : null();
  }
  void add_integer(std::int64_t value);      // integer; PostgreSQL refuses one beyond 32 bits
  void add_numeric(std::string_view value);  // numeric, from "-12.50"; PostgreSQL refuses what is no such number
  void add_jsonb(std::string_view value);    // jsonb, from its text
  void end();

  std::string_view bytes() const noexcept { return std::string_view{bytes_}.substr(0, used_); }
  void clear() noexcept { used_ = 0; }

 private:
  char* room(std::size_t bytes);  // for so many more
  template <class T>
  void put(T number);
  void put_sized(std::string_view value);

  std::string bytes_;  // as long as there is room
  std::size_t used_ = 0;
};

}  // namespace ordersync::store::values
