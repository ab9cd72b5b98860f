#pragma once
// How many seeded worlds a test takes. A sanitizer's build is many times slower and takes a tenth of them.

#include <cstdint>

namespace ordersync::sync::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::uint64_t seeds_a_test = 100;
#else
inline constexpr std::uint64_t seeds_a_test = 1000;
#endif

}  // namespace ordersync::sync::testing
