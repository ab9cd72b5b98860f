#include "sync/recheck/count_check.hpp"

#include <algorithm>
#include <stdexcept>

namespace ordersync::sync::recheck {

using namespace std::chrono_literals;

namespace {

// For an order without a number, all are listed where they are on no more pages; else it is left to the tiers.
constexpr std::int64_t pages_without_number = 20;
// So many are looked up without asking first how many pages a list of all orders has.
constexpr std::size_t few_gone = 4;
// An order's two creation times differ by seconds, and nobody outside knows by which one the API filters.
constexpr std::chrono::seconds edge = 60s;
// Orders so near outside of a window may be in its lists.
constexpr std::chrono::seconds around = 5s;
// What differs without a change is explained by reading its lists whole, where they are no longer than this.
constexpr std::int64_t most_pages_to_explain = 100;

void require(bool holds) {
  if (!holds) throw std::logic_error("count_check: an answer to what was not asked");
}

}  // namespace

count_check::count_check(core::window window, status_counts offset, check_rules rules)
    : window_(window), offset_(std::move(offset)), rules_(std::move(rules)) {
  result_.offset = offset_;
  whole_.window = window_;
}

std::vector<int> count_check::part::differing() const {
  std::vector<int> statuses;
  for (const auto& [status, count] : difference_of(api, mirror)) statuses.push_back(status);
  return statuses;
}

action count_check::next() {
  switch (step_) {
    case step::count_mirror:
    case step::count_again:
      return recheck::count_mirror{window_, rules_.statuses};
    case step::count_api:
      return recheck::count_api{window_, to_count_.front()};
    case step::cut:
      return find_cut{part_.window, part_.differing()};
    case step::count_half_in_mirror:
      return recheck::count_mirror{half_.window, part_.differing()};
    case step::count_half:
      return recheck::count_api{half_.window, to_count_.front()};
    case step::list:
      return read_page{part_.window, to_list_.front(), page_, rules_.page_size};
    case step::compare:
    case step::explain:
      return read_mirror{{part_.window.begin - around, part_.window.end + around}, shown_.statuses()};
    case step::count_all:
      return recheck::count_api{part_.window, std::nullopt};
    case step::list_all:
      return read_page{part_.window, std::nullopt, page_, rules_.page_size};
    case step::look_up:
      return recheck::look_up{*in_question_};
    case step::store:
      return store_orders{part_.window, shown_.take()};
    case step::next_part:
    case step::done:
      break;
  }
  return finished{};
}

void count_check::mirror_counted(const status_counts& counts) {
  if (step_ == step::count_half_in_mirror) {
    half_.mirror = counts;
    const auto statuses = part_.differing();
    to_count_.assign(statuses.begin(), statuses.end());
    step_ = step::count_half;
    return;
  }
  require(step_ == step::count_mirror || step_ == step::count_again);
  whole_.mirror = counts;
  if (step_ == step::count_again) return counted_again();
  to_count_.assign(rules_.statuses.begin(), rules_.statuses.end());
  step_ = step::count_api;
}

void count_check::api_counted(std::int64_t total) {
  if (step_ == step::count_all) {
    // A look-up is a request for each.
    const bool too_long = rules_.most_listed > 0 && total > rules_.most_listed;
    const auto worth = std::max<std::int64_t>(static_cast<std::int64_t>(shown_.gone()) - 1,
                                              shown_.some_without_number() ? pages_without_number : 0);
    if (too_long || pages_of(total) > worth) return look_up_next();
    begin_pages(total);
    step_ = step::list_all;
    return;
  }
  require(step_ == step::count_api || step_ == step::count_half);
  auto& of = step_ == step::count_api ? whole_ : half_;
  const int status = to_count_.front();
  to_count_.pop_front();
  if (rules_.most_counted > 0 && total > rules_.most_counted) result_.too_large = true;
  of.api[status] = total - (step_ == step::count_api ? count_of(offset_, status) : 0);
  if (!to_count_.empty()) return;
  if (step_ == step::count_half) return halves_counted();
  result_.equal = result_.settled = whole_.differing().empty() && !result_.too_large;
  if (result_.equal) {
    step_ = step::done;
    return;
  }
  const double expected = expected_requests(size_of(whole_));
  result_.too_large |= rules_.most_requests > 0 && expected > static_cast<double>(rules_.most_requests);
  step_ = step::done;
  if (!result_.too_large) search(whole_);
}

void count_check::search(part of) {
  left_.push_back(std::move(of));
  take_next_part();
}

// What one half does not count the other one does.
void count_check::halves_counted() {
  part rest{{half_.window.end, part_.window.end}, {}, {}};
  for (const int status : part_.differing()) {
    rest.api[status] = std::max<std::int64_t>(0, count_of(part_.api, status) - count_of(half_.api, status));
    rest.mirror[status] = std::max<std::int64_t>(0, count_of(part_.mirror, status) - count_of(half_.mirror, status));
  }
  for (const auto& each : {half_, rest})
    if (!each.differing().empty()) left_.push_back(each);
  take_next_part();
}

std::int64_t count_check::pages_of(std::int64_t orders) const noexcept {
  return (orders + rules_.page_size - 1) / rules_.page_size;
}

search_size count_check::size_of(const part& of) const {
  search_size size{0, least_changes(difference_of(of.api, of.mirror)), static_cast<int>(of.differing().size())};
  for (const int status : of.differing()) size.pages += pages_of(listed_at(of, status));
  return size;
}

std::int64_t count_check::listed_at(const part& of, int status) const {
  return count_of(of.api, status) + (of.window == window_ ? count_of(offset_, status) : 0);
}

bool count_check::lists_are_too_long(const part& of) const {
  return rules_.most_listed > 0 &&
         std::ranges::any_of(of.differing(), [&](int status) { return listed_at(of, status) > rules_.most_listed; });
}

void count_check::take_next_part() {
  if (left_.empty()) {
    step_ = step::count_again;
    return;
  }
  part_ = std::move(left_.back());
  left_.pop_back();
  if (part_.can_be_cut && (halving_pays(size_of(part_)) || lists_are_too_long(part_)))
    step_ = step::cut;
  else
    begin_reading();
}

void count_check::cut_found(std::optional<core::second> at) {
  require(step_ == step::cut);
  if (!at || *at <= part_.window.begin || *at >= part_.window.end) return begin_reading();
  half_ = {{part_.window.begin, *at}, {}, {}};
  step_ = step::count_half_in_mirror;
}

// Lists.

void count_check::begin_reading() {
  const auto statuses = part_.differing();
  to_list_.assign(statuses.begin(), statuses.end());
  suspects_.insert(shown_.misplaced().begin(), shown_.misplaced().end());
  shown_ = {};
  begin_list();
}

void count_check::begin_list() {
  while (!to_list_.empty()) {
    const int status = to_list_.front();
    shown_.begin_list(status);
    listed_.insert(status);
    if (const auto orders = listed_at(part_, status); orders > 0) {
      begin_pages(orders);
      step_ = step::list;
      return;
    }
    end_list(0);
  }
  step_ = step::compare;
}

void count_check::begin_pages(std::int64_t total) {
  page_ = static_cast<int>(std::max<std::int64_t>(1, pages_of(total)));
}

void count_check::end_list(std::int64_t total) {
  const int status = to_list_.front();
  to_list_.pop_front();
  shown_.end_list(status, total);
  if (is_whole()) whole_.api[status] = total - count_of(offset_, status);
}

void count_check::page_read(page reply) {
  require(step_ == step::list || step_ == step::list_all);
  const auto status = step_ == step::list ? std::optional(to_list_.front()) : std::nullopt;
  for (auto& order : reply.orders) shown_.add(status, std::move(order));
  if (--page_ == 0 && !status) return find_gone();
  if (page_ == 0) {
    end_list(reply.total);
    begin_list();
  }
  if (shown_.untaken() >= rules_.most_held) store_or(step_);
}

// What is shown is stored before anything else, which may fail.
void count_check::store_or(step next) {
  after_store_ = next;
  step_ = shown_.untaken() > 0 ? step::store : next;
  if (step_ == step::next_part) take_next_part();
}

void count_check::stored(std::int64_t changed, std::int64_t outdated) {
  require(step_ == step::store);
  result_.changed += changed;
  outdated_ += outdated;
  step_ = after_store_;
  if (step_ == step::next_part) take_next_part();
}

void count_check::mirror_read(std::vector<mirror_order> orders) {
  if (step_ == step::explain) return explain(orders);
  require(step_ == step::compare);
  // Outside of the window only those near its ends are in question.
  std::erase_if(orders, [&](const mirror_order& of) { return !is_whole() && !part_.window.contains(of.created_at); });
  shown_.compare(std::move(orders));
  find_gone();
}

void count_check::find_gone() {
  shown_.forget_found();
  if (step_ == step::compare && (shown_.gone() > few_gone || shown_.some_without_number()))
    step_ = step::count_all;
  else
    look_up_next();
}

void count_check::look_up_next() {
  in_question_ = shown_.next_gone();
  store_or(in_question_ ? step::look_up : step::next_part);
}

void count_check::looked_up(looked_up_order found) {
  require(step_ == step::look_up);
  shown_.looked_up(*in_question_, std::move(found));
  in_question_ = shown_.next_gone();
  if (in_question_ && shown_.untaken() < rules_.most_held)
    step_ = step::look_up;
  else
    store_or(in_question_ ? step::look_up : step::next_part);
}

// What still differs.

void count_check::counted_again() {
  const auto statuses = whole_.differing();
  result_.settled = statuses.empty();
  suspects_.insert(shown_.misplaced().begin(), shown_.misplaced().end());
  result_.suspects = suspects_;
  step_ = step::done;
  if (explaining_ && !statuses.empty()) {
    if (result_.changed == 0 && outdated_ == 0) step_ = step::explain;
    return;
  }
  auto hidden = whole_;
  for (const int status : listed_) hidden.api[status] = count_of(hidden.mirror, status);
  // Counts of halves may no longer agree with those of the whole: then no list was read, and searching is in vain.
  const bool in_vain = listed_.size() == std::exchange(listed_before_, listed_.size());
  if (!hidden.differing().empty()) return in_vain ? void() : search(std::move(hidden));
  // Nothing can be learnt while the mirror does not have what was shown.
  if (statuses.empty() || result_.changed > 0 || outdated_ > 0) return;
  explaining_ = true;
  auto again = whole_;
  again.can_be_cut = false;
  result_.too_large = size_of(again).pages > most_pages_to_explain;
  if (result_.too_large) return;
  if (is_whole() && std::ranges::all_of(statuses, [&](int status) { return shown_.was_read(status); }))
    step_ = step::explain;
  else
    search(std::move(again));
}

// The lists of the whole window were read, and the mirror has what they show.
void count_check::explain(const std::vector<mirror_order>& held) {
  step_ = step::done;
  const auto found = shown_.explain(held, window_, edge);
  result_.suspects.insert(found.unlisted.begin(), found.unlisted.end());
  if (!found.complete || outdated_ > 0) return;
  for (const auto& [status, more] : found.offset)
    more == 0 ? void(result_.offset.erase(status)) : void(result_.offset[status] = more);
  result_.settled = result_.suspects.empty();
}

}  // namespace ordersync::sync::recheck
