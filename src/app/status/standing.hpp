#pragma once
// How accounts stand compared with one another: which of many needs a look first. Pure.

#include "app/status/situation.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ordersync::app::status {

// Sets `standing` of each account of `view` by what is known; `of.view` is not looked at.
void assess_standings(situation of, status_view& view);

// Places in `view.accounts`, the worst first: of those that stand alike, the one that is the farthest behind, and those
// that are current in their order.
std::vector<std::size_t> worst_first(const status_view& view);

struct standing_counts {
  std::size_t configured = 0;
  std::size_t current = 0;
  std::size_t behind = 0;
  std::size_t failing = 0;
};
standing_counts count_standings(const status_view& view);

}  // namespace ordersync::app::status
