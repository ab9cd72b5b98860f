#include "sync/sweep/sweep.hpp"

#include "sync/sweep/splitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ordersync::sync::sweep {

sweep::sweep(std::string account, sweep_kind kind, const std::vector<core::window>& ranges, sweep_rules rules,
             core::log& log, sweep_label label, evidence::evidence* known)
    : account_(std::move(account)),
      kind_(kind),
      rules_(std::move(rules)),
      label_(label),
      log_(log, account_, kind, label),
      pending_(ranges, label.number),
      known_(known),
      failures_(rules_.failing),
      limit_(rules_.reading.max_orders),
      page_size_(rules_.reading.page_size) {
  for (const auto& range : ranges)
    if (!range.empty()) progress_.range += range.length();
}

// What to do next.

std::optional<sweep::request> sweep::next_request() {
  if (stopping_ || stopped_by_ || awaited_ >= rules_.requests || memory_is_full()) return std::nullopt;
  for (auto& w : open_) {
    if (w.concluded) continue;
    if (const auto page = w.reader.next_page()) return ask(w, *page);
  }
  return open_next();
}

sweep::request sweep::ask(open_window& w, int page) {
  ++awaited_;
  ++w.awaited;
  return {w.id,
          {.window = w.reader.window(),
           .page = page,
           .page_size = w.reader.page_size(),
           .window_name = w.origin.name,
           .status = w.reader.status()}};
}

std::size_t sweep::most_held() const noexcept {
  return static_cast<std::size_t>(std::min(rules_.reading.most_held, rules_.reading.max_orders));
}

// Nothing waits for ever: where nothing is with the store, no window holds more than its share.
bool sweep::memory_is_full() const {
  return commits_.orders() + held(open_) > static_cast<std::size_t>(rules_.windows) * most_held();
}

// The rules as they are now, with what was found out about the API.
reading_rules sweep::reading() const {
  auto rules = rules_.reading;
  rules.max_orders = limit_.orders();
  rules.page_size = page_size_;
  return known_.within_limits(std::move(rules));
}

std::optional<sweep::request> sweep::open_next() {
  while (!pending_.empty() && open_.size() < static_cast<std::size_t>(rules_.windows)) {
    if (left_is_uncounted(pending_.next())) return std::nullopt;
    const auto next = pending_.take();
    if (cut_to_length(next)) continue;
    if (next.expected.value_or(0) > reading().max_orders && is_divisible(next.window)) {
      cut_up(next, *next.expected, "its sibling's count implies its own", core::severity::debug);
      continue;
    }
    auto& w = open_.emplace_back(open_window{++last_id_, next, {next.window, reading(), is_divisible(next.window)}});
    w.reader.begin(window_reader::mode::careful);
    log_.write(core::severity::debug, "window_begun", next.name, next.window);
    return ask(w, w.reader.next_page().value());
  }
  return std::nullopt;
}

// No longer range is asked for than the API is shown to answer in full.
bool sweep::cut_to_length(const pending_window& w) {
  const auto longest = known_.longest_window(now_);
  if (!longest || w.window.length() <= *longest || !is_divisible(w.window)) return false;
  pending_.put_cut_to(w, *longest);
  return true;
}

// Whether the count of `half`, the right one of two, will be known for nothing in a moment, when the left one has
// returned its own.
bool sweep::left_is_uncounted(const pending_window& half) const {
  return awaits_count(half, reading().max_orders) && is_uncounted_before(open_, half.window.begin);
}

// The parts before it are stored by now: where one of them was outdated, some orders may be older than this read.
std::optional<sweep::commit> sweep::next_commit() {
  auto next = commits_.next();
  if (next && find(open_, next->id)->outdated) leave_unproven(next->batch);
  return next;
}

// What came back.

void sweep::on_page(window_id id, int number, page&& reply, core::instant now) {
  const auto w = find(open_, id);
  --awaited_;
  --w->awaited;
  ++progress_.calls;
  w->last_reply = now_ = now;
  failures_.answered();
  known_.shown(w->reader, reply, now);
  w->reader.on_page(number, std::move(reply));
  known_.check_filter(w->reader);
  count_expected(*w, number);
  if (w->reader.counted() && w->reader.total()) pending_.left_counted(w->reader.window(), *w->reader.total());
  if (!w->reader.concluded()) flush_if_large(*w);
  settle(w);
}

void sweep::count_expected(open_window& w, int number) {
  if (number != 1 || !w.reader.counted() || !std::exchange(w.origin.root, false)) return;
  progress_.expected_orders += w.reader.total().value_or(0);
}

void sweep::on_failure(window_id id, core::error why, core::instant now) {
  const auto w = find(open_, id);
  --awaited_;
  --w->awaited;
  ++progress_.calls;
  w->last_reply = now_ = now;
  const bool ends_all = why.kind != core::failure::unusable_reply;
  w->reader.on_failure(why);
  if (ends_all) return give_up(std::move(why));
  settle(w);
}

void sweep::settle(open_list::iterator w) {
  if (dropping()) return drop(w);
  if (w->concluded || w->awaited > 0) return;
  const auto what = w->reader.concluded();
  // When the API is lost in the middle of a window, what was read of it is kept all the same.
  if (stopped_by_) return conclude(w, what == conclusion::proven ? accepted(*w) : sweep_outcome::failed);
  if (!what) return;
  switch (*what) {
    case conclusion::proven:
      if (w->reader.seen() > 0) failures_.agreed();
      return conclude(w, accepted(*w));
    case conclusion::too_many:
      return split_open(w);
    case conclusion::doubtful:
      return take_step(w, failures_.after_doubtful(w->reader, progress_.orders), sweep_outcome::unproven);
    case conclusion::not_settled:
      return conclude(w, sweep_outcome::unproven);
    case conclusion::failed:
      return settle_failed(w);
  }
}

void sweep::take_step(open_list::iterator w, next_step step, sweep_outcome if_left) {
  switch (step) {
    case next_step::read_again:
      return read_again(*w, window_reader::mode::careful);
    case next_step::read_exhaustively:
      return read_again(*w, window_reader::mode::exhaustive);
    case next_step::split:
      return split_open(w);
    case next_step::leave:
      return conclude(w, if_left);
  }
}

void sweep::settle_failed(open_list::iterator w) {
  last_failure_ = w->reader.error();
  if (ask_smaller(*w)) return;
  // Its first page came: what is refused lies too deep.
  const bool deep =
      last_failure_->remedy == core::remedy::ask_less && w->reader.total() && w->reader.pages_of_read() > 0;
  if (deep) known_.page_too_deep(w->reader, w->last_reply);
  take_step(w, failures_.after_failed(w->reader, progress_.orders), sweep_outcome::failed);
}

// A reply that is larger than what is allowed is asked for in smaller pages.
bool sweep::ask_smaller(open_window& w) {
  if (last_failure_->remedy != core::remedy::ask_smaller || w.reader.page_size() <= 1) return false;
  page_size_ = std::min(page_size_, w.reader.page_size() / 2);
  known_.page_too_large(w.reader, w.last_reply);
  w.reader.use_page_size(page_size_);
  read_again(w, window_reader::mode::careful);
  return true;
}

sweep_outcome sweep::accepted(open_window& w) {
  w.not_accepted = known_.doubt(w.reader, w.last_reply);
  return w.not_accepted.empty() ? sweep_outcome::proven : sweep_outcome::unproven;
}

void sweep::read_again(open_window& w, window_reader::mode how) {
  log_.write(core::severity::warning, "window_read_again", w.origin.name, w.origin.window, w.reader.reason(),
             w.reader.reads() + 1);
  flush_if_large(w);
  w.reader.begin(how);
}

// Splitting.

void sweep::split_open(open_list::iterator w) {
  const bool usual = w->reader.concluded() == conclusion::too_many;
  if (!usual) limit_.read_in_vain(w->reader.total().value_or(0));
  cut_up(w->origin, w->reader.total().value_or(0), w->reader.reason(),
         usual ? core::severity::debug : core::severity::info);
  // Its parts bring the orders; the row in sweeps says what became of it.
  w->reader.take_orders();
  conclude(w, sweep_outcome::split);
}

void sweep::cut_up(const pending_window& w, std::int64_t total, const std::string& reason, core::severity level) {
  const auto parts = pending_.put_cut_up(w, total, reading().max_orders);
  log_.split(level, w.name, w.window, total, parts, reason);
}

// Committing.

window_batch sweep::batch_of(open_window& w, sweep_outcome outcome) const {
  auto batch = take_batch(w, outcome, reason_of(w, outcome, stopped_by_));
  batch.account = account_;
  batch.kind = kind_;
  return batch;
}

// The first orders of many go at once: somebody who has just begun to mirror waits for them.
bool sweep::is_awaited(const open_window& w) const {
  constexpr int pages = 10;
  const bool again = kind_ == sweep_kind::revisit || kind_ == sweep_kind::verify;
  return !again && !commits_.had_orders() && w.reader.total().value_or(0) > std::int64_t{pages} * w.reader.page_size();
}

void sweep::flush_if_large(open_window& w) {
  if (w.reader.held() <= (is_awaited(w) ? 0 : most_held())) return;
  commits_.push({w.id, batch_of(w, sweep_outcome::partial)});
}

void sweep::conclude(open_list::iterator w, sweep_outcome outcome) {
  w->concluded = true;
  w->outcome = outcome;
  auto batch = batch_of(*w, outcome);
  if (outcome != sweep_outcome::split) batch.unusable = w->reader.take_unusable();
  commits_.push({w->id, std::move(batch)});
}

void sweep::on_committed(window_id id, const core::result<commit_summary>& outcome) {
  const auto w = find(open_, id);
  commits_.answered(id);
  if (outcome.has_error()) {
    store_failed_ = true;
    return give_up(outcome.error());
  }
  w->outdated = w->outdated || outcome->outdated > 0;
  progress_.committed(*outcome);
  if (!w->concluded || commits_.holds(id) || w->awaited > 0) return settle(w);
  finish(*w);
  open_.erase(w);
}

// A window is done once its last commit is known to have happened.
void sweep::finish(open_window& w) {
  constexpr int reads_in_vain = 3;
  const auto& window = w.reader.window();
  if (w.outcome == sweep_outcome::split) {
    ++progress_.windows_split;
    return;
  }
  if (w.outdated && !stopping_ && !stopped_by_ && w.origin.outdated < reads_in_vain) {
    log_.write(core::severity::debug, "window_outdated", w.origin.name, w.origin.window,
               "the orders read may be older than the stored ones");
    pending_.put_back({.window = window, .name = w.origin.name, .outdated = w.origin.outdated + 1});
    return;
  }
  progress_.done += window.length();
  if (!w.not_accepted.empty()) ++progress_.not_accepted;
  if (w.outcome == sweep_outcome::proven && !w.outdated) {
    ++progress_.windows_proven;
    return;
  }
  if (w.reader.concluded() == conclusion::not_settled) {
    // Nothing is missing yet: it is due when the server's clock has come that far.
    log_.write(core::severity::info, "window_too_early", w.origin.name, w.origin.window, w.reader.reason());
    ++progress_.gaps;
    return;
  }
  ++progress_.gaps;
  log_gap(w);
}

void sweep::log_gap(const open_window& w) {
  const bool outdated = w.outdated && w.outcome == sweep_outcome::proven;
  log_.gap(w.origin.name, w.origin.window, outdated ? sweep_outcome::unproven : w.outcome,
           outdated ? std::string{stored_meanwhile} : reason_of(w, w.outcome, stopped_by_));
}

// Ending.

void sweep::stop() {
  stopping_ = true;
  settle_all();
}

void sweep::give_up(core::error why) {
  if (!stopped_by_) stopped_by_ = std::move(why);
  settle_all();
}

void sweep::settle_all() {
  pending_.clear();
  if (dropping()) {
    commits_.drop_queued();
    for (auto w = open_.begin(); w != open_.end();) drop(w++);
    return;
  }
  for (auto w = open_.begin(); w != open_.end();) settle(w++);
}

// Whether what is not committed yet is to be let go: there is no time for it, or nowhere to put it.
bool sweep::dropping() const noexcept {
  return stopping_ || store_failed_;
}

void sweep::drop(open_list::iterator w) {
  if (!w->concluded)
    log_.write(core::severity::debug, "window_dropped", w->origin.name, w->origin.window,
               store_failed_ ? "the database refuses it" : "the sweep is stopping");
  w->concluded = true;
  if (!commits_.holds(w->id) && w->awaited == 0) open_.erase(w);
}

bool sweep::finished() const noexcept {
  return pending_.empty() && open_.empty() && commits_.none_queued();
}

}  // namespace ordersync::sync::sweep
