#include "sync/sweep/failed_reads.hpp"

#include "sync/sweep/splitting.hpp"

#include <algorithm>

namespace ordersync::sync::sweep {

next_step failed_reads::after_doubtful(const window_reader& read, std::int64_t orders) {
  ++doubts_in_a_row_;
  calls_ += read.pages_of_read();
  if (read.exhaustive()) return next_step::leave;
  if (read.reads() < rules_.reads_before_split) return next_step::read_again;
  // A part of what is not filtered by its range is no better than the whole.
  const bool split = is_divisible(read.window()) && !read.outside() && !cost_too_much(read, orders);
  return split ? next_step::split : next_step::read_exhaustively;
}

next_step failed_reads::after_failed(const window_reader& read, std::int64_t orders) {
  calls_ += read.pages_of_read() + 1;
  if (read.reads() < rules_.reads_before_giving_up) return next_step::read_again;
  const bool halve = ++refusals_in_a_row_ <= rules_.refusals_before_giving_up && !cost_too_much(read, orders);
  return is_divisible(read.window()) && halve ? next_step::split : next_step::leave;
}

bool failed_reads::cost_too_much(const window_reader& read, std::int64_t orders) const {
  constexpr std::int64_t for_nothing = 60;  // enough to find one bad second in a decade
  const auto pages = (orders + read.seen()) / std::max(1, read.page_size()) + 1;
  return doubts_in_a_row_ >= rules_.doubts_before_giving_up ||
         calls_ > rules_.doubtful_calls_a_page * pages + for_nothing;
}

}  // namespace ordersync::sync::sweep
