#include "sync/recheck/counts_trial.hpp"

#include <fmt/format.h>

namespace ordersync::sync::recheck {

namespace {

// Lists may lag behind: one order in so many may have moved on.
constexpr std::int64_t few_in = 10;

}  // namespace

std::string contradiction_of(const counted_lists& counted) {
  if (counted.first_to_last < counted.least)
    return fmt::format("the API counts {} orders, but only {} over all statuses", counted.least, counted.first_to_last);
  if (counted.last_to_first > counted.most)
    return fmt::format("the API counts {} orders, but {} over all statuses", counted.most, counted.last_to_first);
  if (counted.misplaced * few_in > counted.listed)
    return fmt::format("{} of {} orders in the API's lists of one status have another status", counted.misplaced,
                       counted.listed);
  return {};
}

}  // namespace ordersync::sync::recheck
