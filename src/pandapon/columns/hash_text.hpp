#pragma once
// The text that a content hash is taken of. Every value is written with its kind or length in front, so that no two
// different contents write the same bytes. Pure; one thread.
//
// Hazard: hashes are stored. Whatever is written otherwise than before is written anew for every order.

#include "core/order.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::pandapon::columns {

// `Derived` adds add() for rows of its own, and brings in these (`using hash_text::add`).
template <class Derived>
class hash_text {
 public:
  explicit hash_text(std::size_t expected) : bytes_(expected, '\0') {}

  void add(std::int64_t number) {
    // Lowest byte first on every machine: the hash is stored.
    char* const out = room(sizeof number);
    for (std::size_t i = 0; i < sizeof number; ++i)
      out[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> 8 * i & 0xFFU);
  }
  void add(int number) { add(std::int64_t{number}); }
  void add(bool flag) { add(std::int64_t{flag}); }
  void add(core::instant time) { add(std::int64_t{time.time_since_epoch().count()}); }
  void add(std::string_view text) {
    add(static_cast<std::int64_t>(text.size()));
    std::copy(text.begin(), text.end(), room(text.size()));
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const std::pair<std::string, std::string>& pair) { add_all(pair.first, pair.second); }
  void add(const core::quarantine_note& n) { add_all(n.path, n.raw); }

  template <class T>
  void add(const std::optional<T>& value) {
    *room(1) = value ? '+' : '-';
    if (value) self().add(*value);
  }
  template <class T>
  void add(const std::vector<T>& values) {
    add(static_cast<std::int64_t>(values.size()));
    for (const auto& value : values) self().add(value);
  }

  template <class... Values>
  void add_all(const Values&... values) {
    (self().add(values), ...);
  }

  std::string_view text() const noexcept { return std::string_view(bytes_).substr(0, used_); }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }

  char* room(std::size_t more) {
    if (bytes_.size() - used_ < more) bytes_.resize(2 * (used_ + more));
    used_ += more;
    return bytes_.data() + (used_ - more);
  }

  std::string bytes_;
  std::size_t used_ = 0;
};

}  // namespace ordersync::pandapon::columns
