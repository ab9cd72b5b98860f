#include "sync/recheck/search_cost.hpp"

#include <algorithm>

namespace ordersync::sync::recheck {
namespace {

double cheapest(double pages, double changes, double statuses);

// One half is counted, the other is what is left. A single change lies in one of them.
double halved(double pages, double changes, double statuses) {
  const double half = cheapest(pages / 2, std::max(1.0, changes / 2), statuses);
  return statuses + (changes < 2 ? half : 2 * half);
}

// A list has a page at least, so where there is hardly more than that halving saves nothing.
double cheapest(double pages, double changes, double statuses) {
  if (pages <= 2 * statuses) return pages;
  return std::min(pages, halved(pages, changes, statuses));
}

double pages_of(const search_size& size) {
  return static_cast<double>(std::max<std::int64_t>(size.pages, 1));
}

}  // namespace

double expected_requests(const search_size& size) {
  return cheapest(pages_of(size), static_cast<double>(size.changes), size.statuses);
}

bool halving_pays(const search_size& size) {
  return expected_requests(size) < pages_of(size);
}

}  // namespace ordersync::sync::recheck
