#pragma once
// A window that a sweep has begun and the store does not have in full yet.

#include "sync/ports.hpp"
#include "sync/sweep/commit_queue.hpp"
#include "sync/sweep/pending_windows.hpp"
#include "sync/sweep/window_reader.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <string>

namespace ordersync::sync::sweep {

struct open_window {
  window_id id = 0;
  pending_window origin;
  window_reader reader;
  core::instant last_reply{};
  int awaited = 0;         // requests
  bool concluded = false;  // its last commit is queued or awaited
  sweep_outcome outcome = sweep_outcome::failed;
  int pages_stored = 0;            // pages that the rows of its earlier parts count
  std::int64_t orders_stored = 0;  // orders in its earlier parts, of all its reads
  bool in_parts = false;           // some of its orders went to the store before it was read to the end
  bool outdated = false;           // the store holds newer readings of its orders
  std::string not_accepted{};      // counted and seen in full, but not proven for this reason
};

using open_list = std::list<open_window>;  // oldest first: finishing a window frees memory

// Throws where it is not open.
open_list::iterator find(open_list& open, window_id id);
// Orders that they hold.
std::size_t held(const open_list& open);
// Whether the total of the one that ends at `end` is still awaited.
bool is_uncounted_before(const open_list& open, core::second end);

// Why `outcome` is not proven; empty when it is. `stopped_by`: what ended the sweep, if anything did.
std::string reason_of(const open_window& w, sweep_outcome outcome, const std::optional<core::error>& stopped_by);

// Why a window is unproven of which the store holds newer readings.
inline constexpr const char* stored_meanwhile = "newer reads of it were stored meanwhile";
// Of a window of which an earlier part was outdated.
void leave_unproven(window_batch& batch);

// What the store is to write of the window, but for whose it is. Takes the orders read so far.
window_batch take_batch(open_window& w, sweep_outcome outcome, std::string reason);

}  // namespace ordersync::sync::sweep
