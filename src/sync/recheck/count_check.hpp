#pragma once
// One check of a proven window by counts (see status_counts.hpp), and where the counts differ the search for what
// changed: lists of the statuses that differ are read, or the window is halved, whatever takes fewer requests; orders
// that have left their list are looked up by number, or all are listed where they are many. Then everything is counted
// again in the mirror, because moves can hide one another: one order enters a status, another leaves it. What differs
// now is searched, too, but no list is read twice: orders move on while one reads.
//
// Lists are read from the last page to the first: an order that leaves the list meanwhile moves the others to pages
// that are still to come. What is missed all the same stays different, and the next check finds it.
//
// A difference that stays although every order of the list is as the mirror has it is learnt as the window's offset: at
// its ends API and mirror may count an order differently. What nothing explains is a suspect (see check_result).
//
// Pure: next() says what is to be done, and the function that the action names takes what came of it. One thread.

#include "core/order.hpp"
#include "sync/ports.hpp"
#include "sync/recheck/listed_orders.hpp"
#include "sync/recheck/search_cost.hpp"
#include "sync/recheck/status_counts.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ordersync::sync::recheck {

// What is to be done next.
struct count_mirror {  // mirror_counted
  core::window window;
  std::vector<int> statuses;
};
struct count_api {  // api_counted: one request of one order, for its total
  core::window window;
  std::optional<int> status;  // none: all
};
struct find_cut {  // cut_found: a second about which half of the mirror's orders of these statuses lie
  core::window window;
  std::vector<int> statuses;
};
struct read_page {  // page_read
  core::window window;
  std::optional<int> status;
  int page = 1;
  int page_size = 50;
};
struct read_mirror {  // mirror_read
  core::window window;
  std::vector<int> statuses;
};
struct look_up {  // looked_up
  mirror_order order;
};
struct store_orders {  // stored
  core::window window;
  std::vector<core::order> orders;
};
struct finished {};
using action = std::variant<count_mirror, count_api, find_cut, read_page, read_mirror, look_up, store_orders, finished>;

struct check_rules {
  std::vector<int> statuses;  // that orders can leave, ascending
  int page_size = 50;
  // A search that is expected to take more requests is not begun (check_result::too_large); 0: any is.
  std::int64_t most_requests = 0;
  // The API counts no more orders than this, so what counts more is left to smaller windows; 0: there is no limit.
  std::int64_t most_counted = 0;
  // Longer lists are not read while the window can be halved: the API may not show so many. 0: there is no limit.
  std::int64_t most_listed = 0;
  std::size_t most_held = 2'000;  // orders in memory; then they are stored
};

struct check_result {
  bool equal = false;        // at once: no status of the window has changed
  bool settled = false;      // nothing is left that differs
  bool too_large = false;    // what differs should be looked for in smaller windows
  std::int64_t changed = 0;  // orders that were stored anew
  status_counts offset;      // to be used from now on
  // Orders that a list of their own status does not show, though they lie well within the window, and orders that a
  // list of another status shows. Orders move while one reads, and lists may lag behind, so once is nothing; where it
  // stays so, the API's lists by status cannot be relied on.
  std::set<std::int64_t> suspects;
};

class count_check {
 public:
  // `offset`: by how much the API was found to count more than the mirror.
  count_check(core::window window, status_counts offset, check_rules rules);

  // The same until its result is reported, but for what is to be stored, which is handed over once.
  action next();

  void mirror_counted(const status_counts& counts);
  void api_counted(std::int64_t total);
  void cut_found(std::optional<core::second> at);
  void page_read(page reply);
  void mirror_read(std::vector<mirror_order> orders);
  void looked_up(looked_up_order found);
  // `outdated`: orders that were left as they are, because a later read may have seen them.
  void stored(std::int64_t changed, std::int64_t outdated);

  // Once finished.
  const check_result& result() const noexcept { return result_; }

 private:
  struct part {
    core::window window;
    status_counts api;  // less the offset
    status_counts mirror;
    bool can_be_cut = true;

    std::vector<int> differing() const;
  };
  enum class step {
    count_mirror,
    count_api,
    cut,
    count_half_in_mirror,
    count_half,
    list,
    compare,
    count_all,
    list_all,
    look_up,
    store,
    next_part,
    count_again,
    explain,
    done
  };

  void search(part of);
  void take_next_part();
  void begin_reading();
  void begin_list();
  void end_list(std::int64_t total);
  void begin_pages(std::int64_t total);
  void halves_counted();
  void find_gone();
  void look_up_next();
  void counted_again();
  void explain(const std::vector<mirror_order>& held);
  bool is_whole() const noexcept { return part_.window == window_; }
  void store_or(step next);
  std::int64_t pages_of(std::int64_t orders) const noexcept;
  search_size size_of(const part& of) const;
  std::int64_t listed_at(const part& of, int status) const;
  bool lists_are_too_long(const part& of) const;

  const core::window window_;
  const status_counts offset_;
  const check_rules rules_;
  check_result result_;
  step step_ = step::count_mirror;

  part whole_;
  std::vector<part> left_;  // to be searched
  part part_;               // in hand
  part half_;
  std::deque<int> to_count_;  // statuses

  std::deque<int> to_list_;
  int page_ = 0;
  listed_orders shown_;  // of the part in hand
  std::optional<mirror_order> in_question_;
  step after_store_ = step::done;
  std::set<int> listed_;  // statuses of which a list was read, each once
  std::set<std::int64_t> suspects_;
  std::int64_t outdated_ = 0;
  std::size_t listed_before_ = 0;
  bool explaining_ = false;  // nothing has changed, and yet the counts differ
};

}  // namespace ordersync::sync::recheck
