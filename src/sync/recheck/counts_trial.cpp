#include "sync/recheck/counts_trial.hpp"

#include <fmt/format.h>

namespace ordersync::sync::recheck {

std::string contradiction_of(const counted_lists& counted) {
  if (counted.first_to_last < counted.least)
    return fmt::format("the API counts {} orders, but only {} over all statuses", counted.least, counted.first_to_last);
  if (counted.last_to_first > counted.most)
    return fmt::format("the API counts {} orders, but {} over all statuses", counted.most, counted.last_to_first);
  if (counted.misplaced > 0)
    return fmt::format("{} orders in the API's lists of one status have another status", counted.misplaced);
  return {};
}

}  // namespace ordersync::sync::recheck
