#pragma once
// What is to be done about a window after a read that did not prove it: read it again, split it, or leave it as a gap.
// That depends on what such reads have cost the sweep so far. Pure.

#include "sync/sweep/window_reader.hpp"

#include <cstdint>

namespace ordersync::sync::sweep {

struct failed_read_rules {
  // Reads of a window whose counts do not agree before it is split: orders being created or deleted while its pages are
  // read are over in a moment.
  int reads_before_split = 2;
  // Reads of a window whose pages cannot be understood before it is left as a gap.
  int reads_before_giving_up = 3;
  // Splitting finds the second that is bad, if some are good. After this many doubtful reads in a row without one
  // window of orders proven, the API's counts are wrong everywhere: windows are then left as gaps at the size they
  // have. Finding one bad second in a decade takes about 60 reads.
  int doubts_before_giving_up = 200;
  // The same where doubtful reads have cost so many times the pages that the orders seen take, and a few more.
  int doubtful_calls_a_page = 12;
  // Windows that are refused, or cannot be understood, in a row before they are left as gaps at the size they have.
  // Until then they are halved: a range may be too long, or end too near to now.
  int refusals_before_giving_up = 40;
};

enum class next_step { read_again, read_exhaustively, split, leave };

class failed_reads {
 public:
  explicit failed_reads(failed_read_rules rules) : rules_(rules) {}

  // The API has answered a page.
  void answered() noexcept { refusals_in_a_row_ = 0; }
  // A window that holds orders was read and its counts agree.
  void agreed() noexcept { doubts_in_a_row_ = 0; }

  // The counts of the read do not agree. `orders`: those that the sweep has committed.
  next_step after_doubtful(const window_reader& read, std::int64_t orders);
  // A page of it could not be had.
  next_step after_failed(const window_reader& read, std::int64_t orders);

 private:
  bool cost_too_much(const window_reader& read, std::int64_t orders) const;

  failed_read_rules rules_;
  int doubts_in_a_row_ = 0;
  int refusals_in_a_row_ = 0;
  std::int64_t calls_ = 0;
};

}  // namespace ordersync::sync::sweep
