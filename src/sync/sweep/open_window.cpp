#include "sync/sweep/open_window.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ordersync::sync::sweep {

open_list::iterator find(open_list& open, window_id id) {
  const auto w = std::ranges::find(open, id, &open_window::id);
  if (w == open.end()) throw std::logic_error("an answer came for a window that is not open");
  return w;
}

std::size_t held(const open_list& open) {
  std::size_t count = 0;
  for (const auto& w : open) count += w.reader.held();
  return count;
}

bool is_uncounted_before(const open_list& open, core::second end) {
  return std::ranges::any_of(
      open, [&](const open_window& w) { return !w.concluded && w.reader.window().end == end && !w.reader.total(); });
}

std::string reason_of(const open_window& w, sweep_outcome outcome, const std::optional<core::error>& stopped_by) {
  if (outcome == sweep_outcome::proven) return {};
  if (outcome == sweep_outcome::partial) return "partial: the window is stored in parts";
  if (!w.not_accepted.empty()) return w.not_accepted;
  return outcome == sweep_outcome::failed && stopped_by ? stopped_by->what : w.reader.reason();
}

void leave_unproven(window_batch& batch) {
  batch.outdated_before = true;
  if (batch.outcome != sweep_outcome::proven) return;
  batch.outcome = sweep_outcome::unproven;
  batch.proven.reset();
  batch.reason = stored_meanwhile;
}

window_batch take_batch(open_window& w, sweep_outcome outcome, std::string reason) {
  window_batch batch;
  batch.window_name = w.origin.name;
  batch.window = w.reader.window();
  batch.outcome = outcome;
  if (outcome == sweep_outcome::proven) batch.proven = w.reader.proven_window();
  batch.reason = std::move(reason);
  batch.total = w.reader.total();
  batch.seen = w.reader.seen();
  batch.pages = w.reader.pages();
  batch.pages_before = std::exchange(w.pages_stored, batch.pages);
  batch.attempts = w.reader.reads();
  batch.started_at = w.reader.started_at().value_or(w.last_reply);
  batch.finished_at = w.last_reply;
  batch.orders = w.reader.take_orders();
  batch.orders_before =
      std::exchange(w.orders_stored, w.orders_stored + static_cast<std::int64_t>(batch.orders.size()));
  if (w.in_parts && batch.proven) batch.shown = w.reader.shown();
  w.in_parts = w.in_parts || outcome == sweep_outcome::partial;
  return batch;
}

}  // namespace ordersync::sync::sweep
