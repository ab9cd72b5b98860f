#include "store/coverage/superseded_reads.hpp"

#include <algorithm>

namespace ordersync::store::coverage {

namespace {

bool began_before(const proven_read& a, const proven_read& b) {
  return a.started_at < b.started_at;
}

}  // namespace

void superseded_reads::take_later(scope& of, core::instant than) {
  auto& waiting = of.waiting;
  while (!waiting.empty() && waiting.front().started_at > than) {
    of.proven.add(waiting.front().proven);
    if (waiting.front().saw_orders) of.shown.add(waiting.front().proven);
    std::ranges::pop_heap(waiting, began_before);
    waiting.pop_back();
  }
}

bool superseded_reads::is_superseded(const proven_read& read, const holds_order& any) {
  auto& of = scopes_[read.scope];
  take_later(of, read.finished_at);
  if (!of.proven.missing(read.range).empty()) return false;
  // A later read that saw nothing where an order is did not show it.
  return !read.saw_orders || std::ranges::none_of(of.shown.missing(read.range), any);
}

void superseded_reads::keep(const proven_read& read) {
  auto& waiting = scopes_[read.scope].waiting;
  waiting.push_back(read);
  std::ranges::push_heap(waiting, began_before);
}

}  // namespace ordersync::store::coverage
