#pragma once
// Sweeps ranges of creation time for one account until every second of them is proven or known to be a gap: which page
// to ask for next, which window to commit, when to read again, when to split, when to give up. Pure: no I/O, no clock.
// The coroutine in sweep_runner.hpp performs what is decided here. One thread.
//
// Memory: at most `windows` windows are open, each holding at most max_orders orders besides the pages in flight,
// whatever the range. A window stays open until its commit is answered, so a slow database slows the reading.
//
// Names of windows, for logs: in "17-3.2.1" the 17 is the sweep's number, 3 the range that it was given as the third,
// and .2.1 the first part of the second part of that, when it was split. A window that is read again keeps its name. So
// whatever happens to a window and its parts is found by one name, from the first request to the commit.

#include "core/log.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/sweep/pending_windows.hpp"
#include "sync/sweep/sweep_log.hpp"
#include "sync/sweep/window_reader.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::sync::sweep {

struct sweep_rules {
  reading_rules reading;
  int windows = 4;   // open at once, at most
  int requests = 4;  // asked for at once, those that wait for their turn included

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

struct sweep_progress {
  std::int64_t calls = 0;  // requests answered or failed
  std::int64_t windows_proven = 0;
  std::int64_t windows_split = 0;
  std::int64_t gaps = 0;          // windows left unproven
  std::int64_t not_accepted = 0;  // of these: seen in full, but the API was not shown to answer such windows in full
  std::int64_t orders = 0;        // orders committed (created, changed or unchanged)
  std::int64_t created = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t quarantined = 0;
  std::int64_t expected_orders = 0;  // what the API counts in the ranges begun so far, about
  std::chrono::seconds done{0};      // of the range: proven or known to be a gap
  std::chrono::seconds range{0};     // the ranges' lengths together
};

class sweep {
 public:
  // `ranges` do not overlap; they are swept in their order. `log` outlives the sweep, and so does `known`: what is
  // proven is proven only as far as that goes, and what is read adds to it. Null, for tests: counts alone prove.
  sweep(std::string account, sweep_kind kind, const std::vector<core::window>& ranges, sweep_rules rules,
        core::log& log, sweep_label label = {}, evidence::evidence* known = nullptr);

  using window_id = std::uint64_t;
  struct request {
    window_id id = 0;
    page_request page;
  };
  struct commit {
    window_id id = 0;
    window_batch batch;
  };

  // Call until it gives none, then again after every event below.
  std::optional<request> next_request();
  std::optional<commit> next_commit();

  // Answers; exactly one for each request and each commit. `now` is when it came.
  void on_page(window_id id, int number, page&& reply, core::instant now);
  void on_failure(window_id id, core::error why, core::instant now);
  void on_committed(window_id id, const core::result<commit_summary>& outcome);

  // Asks for nothing more; what is not with the store yet is dropped. The answers awaited must still be given.
  void stop();

  // Nothing is awaited and nothing is left to do.
  bool finished() const noexcept;
  // What ended the sweep early: the API cannot be reached or refuses, or the database. None: it went through.
  const std::optional<core::error>& stopped_by() const noexcept { return stopped_by_; }
  // The last failure that left a window unread but did not end the sweep.
  const std::optional<core::error>& last_failure() const noexcept { return last_failure_; }
  const sweep_progress& progress() const noexcept { return progress_; }
  sweep_kind kind() const noexcept { return kind_; }
  const sweep_label& label() const noexcept { return label_; }

 private:
  struct open_window {
    window_id id = 0;
    pending_window origin;
    window_reader reader;
    core::instant last_reply{};
    int awaited = 0;          // requests
    int commits = 0;          // commits queued or awaited
    bool committing = false;  // one of them is with the store
    bool concluded = false;   // its last commit is queued or awaited
    sweep_outcome outcome = sweep_outcome::failed;
    bool outdated = false;       // the store holds newer readings of its orders
    std::string not_accepted{};  // counted and seen in full, but not proven for this reason
  };
  using open_list = std::list<open_window>;

  open_list::iterator find(window_id id);
  bool left_is_uncounted(const pending_window& half) const;
  std::optional<request> open_next();
  request ask(open_window& w, int page);
  reading_rules reading() const;
  bool cut_to_length(const pending_window& w);
  void learn_from(const open_window& w, const page& reply, core::instant now);
  sweep_outcome accepted(open_window& w);
  bool gives_up(const open_window& w) const;
  bool ask_smaller(open_window& w);
  void cut_up(const pending_window& w, std::int64_t total, const std::string& reason, core::severity level);
  void count_expected(open_window& w, int number);
  void settle(open_list::iterator w);
  void settle_doubtful(open_list::iterator w);
  void settle_failed(open_list::iterator w);
  void read_again(open_window& w, window_reader::mode how);
  void split_open(open_list::iterator w);
  void flush_if_large(open_window& w);
  void conclude(open_list::iterator w, sweep_outcome outcome);
  void tally(open_list::iterator w, const commit_summary& summary);
  void finish(open_window& w);
  void drop(open_list::iterator w);
  void settle_all();
  bool dropping() const noexcept;
  void log_gap(const open_window& w);
  std::string reason_of(const open_window& w, sweep_outcome outcome) const;
  window_batch batch_of(open_window& w, sweep_outcome outcome) const;
  void give_up(core::error why);

  std::string account_;
  sweep_kind kind_;
  sweep_rules rules_;
  sweep_label label_;
  sweep_log log_;

  pending_windows pending_;
  open_list open_;  // oldest first: finishing a window frees memory
  std::deque<commit> commits_;
  evidence::evidence* known_;
  core::instant now_{};  // of the last event
  int page_size_;
  window_id last_id_ = 0;
  int awaited_ = 0;  // requests in flight
  int doubts_in_a_row_ = 0;
  std::int64_t doubtful_calls_ = 0;
  int refusals_in_a_row_ = 0;
  bool stopping_ = false;
  bool store_failed_ = false;
  std::optional<core::error> stopped_by_;
  std::optional<core::error> last_failure_;
  sweep_progress progress_;
};

}  // namespace ordersync::sync::sweep
