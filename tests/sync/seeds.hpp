#pragma once
// How many seeded worlds a test takes. A sanitizer's build is many times slower and takes fewer.

#include <cstdint>
#include <vector>

namespace ordersync::sync::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::uint64_t seeds_a_test = 100;
inline constexpr std::uint64_t large_worlds = 1;  // for each size of page
inline const std::vector<int> page_sizes{50};
#else
inline constexpr std::uint64_t seeds_a_test = 1000;
inline constexpr std::uint64_t large_worlds = 2;
inline const std::vector<int> page_sizes{20, 50, 100};
#endif

}  // namespace ordersync::sync::testing
