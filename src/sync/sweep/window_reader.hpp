#pragma once
// Reads one window: says which page to ask for next, takes what comes back, and says at the end whether the window is
// proven. Pure: no I/O, no clock. One thread.
//
// Proven means: every page returned the same total, page 1 read again at the end still returns it (not needed when
// there is only one page), and the distinct ids seen are exactly that many. A last page that is full is followed by one
// more, which must bring nothing new: a total that is too small would look just like that. An order that was created
// outside of the range proves that the filter is not applied, and then nothing is proven. The request asks wider than
// the window (see order_source), so the count that is proven is that of the superset; a superset that is complete holds
// the window complete.

#include "sync/ports.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ordersync::sync::sweep {

struct reading_rules {
  int page_size = 50;
  std::int64_t max_orders = 10'000;  // more than this in one window: do not read it, split it
  std::int64_t most_held = 2000;     // orders of one window in memory; then they are stored, before all are read
  std::chrono::seconds settle{5};    // orders younger than this, by the server's clock, may still be missing in a reply
  // Where lists without a status filter leave orders out: the statuses to ask for, one after the other. The window is
  // proven when each of their totals is confirmed after the last was read, for an order that moves from one to the next
  // meanwhile changes one of them. Empty: one list without a status.
  std::vector<int> statuses{};
  std::optional<std::chrono::seconds> zone{};  // api.time_zone, for texts
};

enum class conclusion {
  proven,       // up to proven_window()
  doubtful,     // the counts do not agree; read it again
  too_many,     // more than max_orders; nothing but page 1 was read
  not_settled,  // the window begins later than the server's clock less `settle`
  failed,       // a page could not be had
};

class window_reader {
 public:
  // A careful read stops as soon as it cannot prove the window any more. An exhaustive one, for a window that stays a
  // gap all the same, collects whatever the API shows. An indivisible window is read however many orders it holds.
  enum class mode { careful, exhaustive };

  window_reader(core::window window, reading_rules rules, bool divisible);

  // Starts a read, or another one: counts begin anew, orders already taken are kept.
  void begin(mode how);

  // The page to ask for now; none while answers are awaited or when the read is over. The caller asks for every page it
  // is given and answers with on_page or on_failure.
  std::optional<int> next_page();
  // The status that the page is asked for with, for the pages given since the last answer; none: without one.
  std::optional<int> status() const;
  void on_page(int number, page&& reply);
  void on_failure(core::error why);

  // Set once nothing is awaited and nothing more is to be asked.
  std::optional<conclusion> concluded() const;

  const core::window& window() const noexcept { return window_; }
  // What a conclusion of `proven` covers: the window, cut where the server's clock says that it is not settled yet.
  core::window proven_window() const noexcept { return {window_.begin, settled_end_}; }
  // Why it is not proven, for people.
  const std::string& reason() const noexcept { return doubt_; }
  const std::optional<core::error>& error() const noexcept { return error_; }
  // The total on page 1 of this read, over all statuses that were asked for so far; none before it came.
  std::optional<std::int64_t> total() const noexcept { return total_; }
  // The greatest count that this read relies on.
  std::int64_t greatest_count() const noexcept {
    std::int64_t greatest = 0;
    for (const auto& l : lists_) greatest = std::max(greatest, l.total);
    return greatest;
  }
  // All of it is known: page 1 of every list has come.
  bool counted() const noexcept { return total_ && list_ + 1 >= lists_.size(); }
  std::int64_t seen() const noexcept { return static_cast<std::int64_t>(ids_.size()); }
  int pages() const noexcept { return pages_answered_; }
  int reads() const noexcept { return reads_; }
  int pages_of_read() const noexcept { return pages_of_read_; }
  // Orders a page is asked to have; to be changed between two reads only.
  int page_size() const noexcept { return rules_.page_size; }
  void use_page_size(int size) noexcept { rules_.page_size = size; }
  // An order was shown that was created outside of the range: the filter is not applied as it is meant.
  bool outside() const noexcept { return outside_; }
  bool exhaustive() const noexcept { return mode_ == mode::exhaustive; }
  std::optional<core::instant> started_at() const noexcept { return started_at_; }

  // Orders held; those are moved out, ids stay known. Between two takes no order is held twice.
  std::size_t held() const noexcept { return orders_.size(); }
  // All that this read has shown, those that were taken included.
  std::vector<std::int64_t> shown() const { return {ids_.begin(), ids_.end()}; }
  std::vector<core::order> take_orders();
  std::vector<core::unusable_order> take_unusable();

 private:
  void take_first_page(const page& reply);
  void take_other_page(int number, const page& reply);
  void take_confirmation(const page& reply);
  void keep(page&& reply);
  void doubt(std::string why);
  void check_counts();
  std::string count_reason() const;
  bool wants_more() const noexcept;
  void end_of_rest();
  void keep(core::order&& order);
  bool was_taken(const core::order& order) const;

  // One list of orders: those of one status, or all.
  struct list {
    std::optional<int> status;
    std::int64_t total = 0;
  };

  core::window window_;
  reading_rules rules_;
  bool divisible_;
  mode mode_ = mode::careful;

  enum class phase { first, rest, confirm, over };
  phase phase_ = phase::over;
  int awaited_ = 0;
  int next_ = 1;                // next page of the rest
  std::int64_t counted_ = 1;    // pages that hold orders, by page 1's total
  std::int64_t last_ = 1;       // last page to ask for: those, and one beyond where the last is full
  std::int64_t page_rows_ = 0;  // rows on page 1: the page size the API really honours
  std::vector<list> lists_;
  std::size_t list_ = 0;  // the one that is read, or confirmed
  std::optional<std::int64_t> total_;
  std::unordered_set<std::int64_t> ids_;
  core::second settled_end_;
  bool too_many_ = false;
  bool not_settled_ = false;
  std::string doubt_;
  std::optional<core::error> error_;

  int reads_ = 0;
  int pages_answered_ = 0;
  int pages_of_read_ = 0;  // of the current read
  bool outside_ = false;   // in any read
  std::optional<core::instant> started_at_;
  std::vector<core::order> orders_;
  std::unordered_map<std::int64_t, std::size_t> index_;        // id -> place in orders_
  std::unordered_map<std::int64_t, core::sha256> first_page_;  // as it was at first, for it is read again
  std::vector<core::unusable_order> unusable_;
};

}  // namespace ordersync::sync::sweep
