#include "sync/sweep/open_window.hpp"

#include <utility>

namespace ordersync::sync::sweep {

std::string reason_of(const open_window& w, sweep_outcome outcome, const std::optional<core::error>& stopped_by) {
  if (outcome == sweep_outcome::proven) return {};
  if (outcome == sweep_outcome::partial) return "partial: the window is too large to hold in memory at once";
  if (!w.not_accepted.empty()) return w.not_accepted;
  return outcome == sweep_outcome::failed && stopped_by ? stopped_by->what : w.reader.reason();
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
  batch.attempts = w.reader.reads();
  batch.started_at = w.reader.started_at().value_or(w.last_reply);
  batch.finished_at = w.last_reply;
  batch.orders = w.reader.take_orders();
  return batch;
}

}  // namespace ordersync::sync::sweep
