#include "sync/evidence/evidence.hpp"

#include "sync/evidence/in_window.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::sync::evidence {

namespace {

using std::chrono::seconds;

// Two creation times farther apart than this cannot be asked for by one narrow range.
constexpr seconds farthest_apart{60};
// A range no longer than this that shows an order of its own shows that no zone is in between: zones differ by 15 min.
constexpr seconds shorter_than_zones = std::chrono::minutes{14};
// All that was found out is found out again after this, while it still holds for a day.
constexpr std::chrono::hours trial_every{12};
// What a window needed and no trial has shown is looked for again so soon at most.
constexpr seconds shortest_rest{3};
// A request asks for up to two seconds more than its window.
constexpr seconds widening{2};
// No API is known to count no further than this.
constexpr std::int64_t smallest_cap = 100;
// What is not among small numbers is no status worth a request each time.
constexpr std::int64_t most_status = 100;

std::string length_text(seconds length) {
  const auto count = length.count();
  if (count >= 2L * 86'400) return fmt::format("{} d", count / 86'400);
  if (count >= 2L * 3'600) return fmt::format("{} h", count / 3'600);
  return fmt::format("{} s", count);
}

}  // namespace

std::optional<witness> make_witness(std::int64_t id, std::string tb_order_id, core::instant created_at,
                                    std::optional<core::instant> tb_created_at, core::integer status) {
  const auto other = tb_created_at.value_or(created_at);
  const auto first = std::chrono::floor<seconds>(std::min(created_at, other));
  const auto last = std::chrono::floor<seconds>(std::max(created_at, other));
  if (last - first > farthest_apart) return std::nullopt;
  witness w{id, std::move(tb_order_id), {first, last + seconds{1}}};
  if (status) w.status = static_cast<int>(*status);
  return w;
}

// A request asks for a second more to either side.
exact_ends shown_to_be_exact(const core::window& asked, const core::window& created) noexcept {
  using std::chrono::minutes;
  return {created.end <= std::chrono::ceil<minutes>(asked.begin - seconds{1}),
          created.begin >= std::chrono::floor<minutes>(asked.end + seconds{1})};
}

void evidence::remember(const witness& order) {
  if (!newest_) wanted_in_vain_ = 0;  // now there is something to try by
  if (!oldest_ || order.created < oldest_->created || oldest_->id == order.id) oldest_ = order;
  if (!newest_ || order.created > newest_->created || newest_->id == order.id) newest_ = order;
  if (is_finished(order.status)) {
    if (!finished_ || order.created >= finished_->created) finished_ = order;
  } else if (finished_ && finished_->id == order.id) {
    finished_.reset();
  }
}

void evidence::forget_witness(std::int64_t id) {
  if (finished_ && finished_->id == id) finished_.reset();
  if (oldest_ && oldest_->id == id) oldest_.reset();
  if (newest_ && newest_->id == id) newest_.reset();
}

void evidence::shown_in(const core::window& asked, const witness& order, core::instant now) {
  from_begin_.add(order.created.end - asked.begin, now);
  to_end_.add(asked.end - order.created.begin, now);
  remember(order);
}

void evidence::shown(const core::window& asked, const page& reply, core::instant now, bool by_status) {
  totals_.add(reply.total, now);
  exact_ends exact;
  for (const auto& order : reply.orders) {
    if (order.order_status && *order.order_status > 0 && *order.order_status < most_status)
      statuses_.insert(static_cast<int>(*order.order_status));
    const auto created = order.created_at ? order.created_at : order.tb_created_at;
    if (!created) continue;
    const auto w =
        make_witness(order.id, order.tb_order_id.value_or(""), *created, order.tb_created_at, order.order_status);
    if (!w || w->created.begin < asked.begin || w->created.end > asked.end) continue;
    shown_in(asked, *w, now);
    const auto by_this = shown_to_be_exact(asked, w->created);
    exact = {exact.begin || by_this.begin, exact.end || by_this.end};
    if (!by_status && is_finished(w->status)) finished_shown_ = std::max(finished_shown_.value_or(now), now);
  }
  // A filter that has failed is trusted again only after a trial.
  if (exact.both() && filter_held_ && filter_reason_.empty() && asked.length() <= shorter_than_zones)
    filter_held_ = std::max(*filter_held_, now);
}

void evidence::filter_holds(core::instant now) {
  filter_held_ = now;
  filter_reason_.clear();
}

void evidence::filter_fails(std::string reason) {
  if (filter_reason_.empty()) filter_reason_ = std::move(reason);
  wanted_ = true;
}

void evidence::statuses_tried(const core::window& range, bool to_now, core::instant now) {
  std::erase_if(statuses_tried_, [&](const auto& tried) { return now - tried.at >= std::chrono::days{1}; });
  statuses_tried_.push_back({{range.begin, to_now ? core::second::max() : range.end}, now});
}

bool evidence::lists_leave_out() {
  statuses_tried_.clear();
  finished_shown_.reset();
  return !std::exchange(limits_.by_status, true);
}

bool evidence::count_is_honest(std::int64_t total, core::instant now) const {
  return total <= smallest_cap || total < totals_.greatest(now) || total <= sums_.greatest(now);
}

// As long as a finished order is known, it is to be shown again and again; what was found out in another way might have
// changed since.
bool evidence::leaves_nothing_out(const core::window& asked, core::instant now) const {
  if (limits_.by_status) return true;
  if (finished_shown_ && now - *finished_shown_ <= 3 * rules_.filter_every) return true;
  if (finished_) return false;
  return std::ranges::any_of(statuses_tried_, [&](const auto& tried) {
    return now - tried.at < std::chrono::days{1} && tried.range.begin <= asked.begin && asked.end <= tried.range.end;
  });
}

void evidence::page_too_large(int page_size, std::string reason, core::instant now) {
  const int smaller = std::max(1, page_size / 2);
  if (limits_.page_size && *limits_.page_size <= smaller) return;
  limits_.page_size = smaller;
  page_size_found_ = now;
  learnt_.push_back({"page_size", smaller, std::move(reason)});
}

void evidence::page_too_deep(std::int64_t total, int page_size, std::string reason, core::instant now) {
  const auto less = std::max<std::int64_t>(page_size, total / 2);
  if (less >= total || (limits_.depth && *limits_.depth <= less)) return;
  limits_.depth = less;
  depth_found_ = now;
  learnt_.push_back({"depth", less, std::move(reason)});
}

void evidence::retry_old_limits(const known_limits& by_hand, core::instant now) {
  const auto old = [&](std::optional<core::instant>& found) {
    if (!found) found = now;  // an earlier run's: a day from here
    return now - *found >= std::chrono::days{1};
  };
  const char* const why = "it was found a day ago and is being tested again";
  if (limits_.page_size && !by_hand.page_size && old(page_size_found_)) {
    limits_.page_size.reset();
    page_size_found_.reset();
    learnt_.push_back({"page_size", std::nullopt, why});
  }
  if (limits_.depth && old(depth_found_)) {
    limits_.depth.reset();
    depth_found_.reset();
    learnt_.push_back({"depth", std::nullopt, why});
  }
}

void evidence::trial_ended(core::instant now, std::string reason) {
  wanted_in_vain_ = (wanted_ || !reason.empty()) && tried_ ? wanted_in_vain_ + 1 : 0;
  tried_ = now;
  trial_reason_ = std::move(reason);
  wanted_ = false;
}

void evidence::forget() {
  from_begin_.clear();
  to_end_.clear();
  totals_.clear();
  sums_.clear();
  filter_held_.reset();
  statuses_tried_.clear();
  finished_shown_.reset();
  lengths_tried_ = false;
  wanted_ = true;
}

std::vector<int> evidence::statuses_to_ask() const {
  if (!limits_.by_status) return {};
  return {statuses_.begin(), statuses_.end()};
}

std::string evidence::doubt(const core::window& asked, std::int64_t total, core::instant now) {
  auto reason = doubt_now(asked, total, now);
  const bool counts_end = limits_.total && total >= *limits_.total;
  if (reason.empty() || counts_end) return reason;
  wanted_ = true;
  if (!count_is_honest(total, now) && (!untried_count_ || untried_count_->total < total))
    untried_count_ = {asked, total};
  constexpr std::size_t most_untried = 256;
  if (!leaves_nothing_out(asked, now) && untried_.size() < most_untried) untried_.push_back(asked);
  return reason;
}

std::string evidence::doubt_now(const core::window& asked, std::int64_t total, core::instant now) const {
  if (!filter_reason_.empty()) return filter_reason_;
  if (!tried_) return "the API's filter and counts have not been tested yet";
  if (!newest_) {
    return trial_reason_.empty()
               ? "the API has not returned any order of the account yet, so its completeness could not be tested"
               : trial_reason_;
  }
  const auto because = trial_reason_.empty() ? std::string{} : ": " + trial_reason_;
  if (!filter_held_ || now - *filter_held_ > 3 * rules_.filter_every)
    return "the API's time filter was not confirmed recently" + because;
  const auto longest = std::min(from_begin_.greatest(now), to_end_.greatest(now));
  if (asked.length() + widening > longest) {
    return fmt::format("the API is confirmed to answer ranges in full up to {}, but this one has {}{}",
                       length_text(longest), length_text(asked.length() + widening), because);
  }
  if (limits_.total && total >= *limits_.total)
    return fmt::format("the API's counts stop at {} orders, and it counts {} here", *limits_.total, total);
  if (!count_is_honest(total, now))
    return fmt::format("the API's counts are confirmed only up to {}, and this one is {}{}", sums_.greatest(now), total,
                       because);
  if (!leaves_nothing_out(asked, now))
    return "it was not confirmed recently that lists without a status filter are complete" + because;
  return {};
}

bool evidence::trial_due(core::instant now) const {
  if (!tried_) return true;
  if (now - *tried_ >= trial_every) return true;
  return (wanted_ || !trial_reason_.empty()) && now - *tried_ >= rest_after_trial();
}

// What a trial could not find out will seldom be found out by the next one: ever longer, up to an hour.
std::chrono::milliseconds evidence::rest_after_trial() const {
  constexpr std::chrono::milliseconds longest_rest = std::chrono::hours{1};
  const auto first = std::min<std::chrono::milliseconds>(shortest_rest, rules_.filter_every);
  return std::min(longest_rest, first * (std::int64_t{1} << std::min(2 * wanted_in_vain_, 20)));
}

bool evidence::filter_trial_due(core::instant now) const {
  const auto old = [&](std::optional<core::instant> at) { return !at || now - *at >= rules_.filter_every; };
  const bool finished_is_due = finished_ && !limits_.by_status && old(finished_shown_);
  return tried_ && newest_ && (old(filter_held_) || finished_is_due);
}

std::optional<seconds> evidence::longest_window(core::instant now) const {
  auto longest = limits_.longest_range;
  const auto shown = std::min(from_begin_.greatest(now), to_end_.greatest(now));
  if (lengths_tried_ && shown > seconds{0}) longest = std::min(longest.value_or(shown), shown);
  return longest ? std::optional(std::max(*longest - widening, seconds{1})) : std::nullopt;
}

}  // namespace ordersync::sync::evidence
