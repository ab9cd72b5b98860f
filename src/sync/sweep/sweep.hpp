#pragma once
// Sweeps ranges of creation time for one account until every second of them is proven or known to be a gap: which page
// to ask for next, which window to commit, when to read again, when to split, when to give up. Pure: no I/O, no clock.
// The coroutine in sweep_runner.hpp performs what is decided here. One thread.
//
// Memory: at most `windows` windows are open. Of their orders `windows` times most_held are kept at the most, those on
// their way to the store included, besides the pages in flight: larger windows go to the store in parts. A window stays
// open until its commit is answered, so a slow database slows the reading.
//
// Names of windows, for logs: in "17-3.2.1" the 17 is the sweep's number, 3 the range that it was given as the third,
// and .2.1 the first part of the second part of that, when it was split. A window that is read again keeps its name. So
// whatever happens to a window and its parts is found by one name, from the first request to the commit.

#include "core/log.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/sweep/commit_queue.hpp"
#include "sync/sweep/failed_reads.hpp"
#include "sync/sweep/known_api.hpp"
#include "sync/sweep/open_window.hpp"
#include "sync/sweep/pending_windows.hpp"
#include "sync/sweep/sweep_log.hpp"
#include "sync/sweep/sweep_progress.hpp"
#include "sync/sweep/window_limit.hpp"
#include "sync/sweep/window_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::sync::sweep {

struct sweep_rules {
  reading_rules reading;
  int windows = 4;   // open at once, at most
  int requests = 4;  // asked for at once, those that wait for their turn included

  failed_read_rules failing{};
};

class sweep {
 public:
  // `ranges` do not overlap; they are swept in their order. `log` outlives the sweep, and so does `known`: what is
  // proven is proven only as far as that goes, and what is read adds to it. Null, for tests: counts alone prove.
  sweep(std::string account, sweep_kind kind, const std::vector<core::window>& ranges, sweep_rules rules,
        core::log& log, sweep_label label = {}, evidence::evidence* known = nullptr);

  struct request {
    window_id id = 0;
    page_request page;
  };
  using commit = window_commit;

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
  bool left_is_uncounted(const pending_window& half) const;
  std::optional<request> open_next();
  request ask(open_window& w, int page);
  reading_rules reading() const;
  std::size_t most_held() const noexcept;
  bool memory_is_full() const;
  bool cut_to_length(const pending_window& w);
  sweep_outcome accepted(open_window& w);
  bool ask_smaller(open_window& w);
  void cut_up(const pending_window& w, std::int64_t total, const std::string& reason, core::severity level);
  void count_expected(open_window& w, int number);
  void settle(open_list::iterator w);
  void take_step(open_list::iterator w, next_step step, sweep_outcome if_left);
  void settle_failed(open_list::iterator w);
  void read_again(open_window& w, window_reader::mode how);
  void split_open(open_list::iterator w);
  void flush_if_large(open_window& w);
  bool is_awaited(const open_window& w) const;
  void conclude(open_list::iterator w, sweep_outcome outcome);
  void finish(open_window& w);
  void drop(open_list::iterator w);
  void settle_all();
  bool dropping() const noexcept;
  void log_gap(const open_window& w);
  window_batch batch_of(open_window& w, sweep_outcome outcome) const;
  void give_up(core::error why);

  std::string account_;
  sweep_kind kind_;
  sweep_rules rules_;
  sweep_label label_;
  sweep_log log_;

  pending_windows pending_;
  open_list open_;
  commit_queue commits_;
  known_api known_;
  failed_reads failures_;
  window_limit limit_;
  core::instant now_{};  // of the last event
  int page_size_;
  window_id last_id_ = 0;
  int awaited_ = 0;  // requests in flight
  bool stopping_ = false;
  bool store_failed_ = false;
  std::optional<core::error> stopped_by_;
  std::optional<core::error> last_failure_;
  sweep_progress progress_;
};

}  // namespace ordersync::sync::sweep
