// Seeded randomness. Everything the simulator makes up is a pure function of (seed, what it belongs to), so that the
// same seed gives the same data whatever the order of requests, and an order needs no memory of its text.
#pragma once

#include <cstdint>

namespace pandapon_sim {

/// Spreads every bit of `x` over the result (the finaliser of splitmix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  return mix(mix(a) ^ b);
}
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return mix(mix(a, b) ^ c);
}

/// What a stream of numbers is for. Streams of different purposes are independent, so a new field in one leaves the
/// others as they were.
enum class purpose : std::uint64_t {
  identity = 1,
  facts,
  line,
  form,
  lifecycle,
  time,
  picking,
  junk,
  listing,
  status,
  sharing,
  family,
  opening,
  missing,
  pushing,
  detail,
  detail_form
};

/// A stream of random numbers; cheap to make. Not thread-safe, and not for secrets.
class dice {
 public:
  constexpr dice(std::uint64_t seed, purpose what, std::uint64_t who, std::uint64_t which = 0)
      : state_(mix(seed, static_cast<std::uint64_t>(what), mix(who, which))) {}

  constexpr std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15U); }
  /// In [0, n); n below 2^32 and not 0.
  constexpr std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }
  /// In [low, high], both small enough that their distance is below 2^32.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint32_t>(high - low + 1)));
  }
  constexpr bool percent(std::uint32_t p) { return below(100) < p; }
  constexpr bool per_ten_thousand(std::uint32_t p) { return p != 0 && below(10'000) < p; }

 private:
  std::uint64_t state_;
};

}  // namespace pandapon_sim
