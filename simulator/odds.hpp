// How often fields are odd: nested ones at the recipe's rate, scalars at a quarter of it.
#pragma once

#include "random.hpp"
#include "record.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace pandapon_sim {

class odds {
 public:
  odds(const recipe& from, const record& of, purpose what, std::uint64_t salt)
      : roll_(from.seed, what, of.serial, salt), rate_(from.oddities) {}
  bool scalar_is_odd() { return roll_.per_ten_thousand(rate_ / 4); }
  bool nested_is_odd() { return roll_.per_ten_thousand(rate_); }
  dice& roll() { return roll_; }

 private:
  dice roll_;
  std::uint32_t rate_;
};

/// Whether a text could also come as a JSON number and lose nothing: an int64 without leading zeros.
inline bool writes_as_number(const std::string& value) {
  if (value.empty() || value.front() == '0' || value.front() == '-') return false;
  std::int64_t parsed = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  return error == std::errc{} && end == value.data() + value.size();
}

}  // namespace pandapon_sim
