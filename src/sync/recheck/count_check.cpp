#include "sync/recheck/count_check.hpp"

#include <algorithm>
#include <stdexcept>

namespace ordersync::sync::recheck {

using namespace std::chrono_literals;

namespace {

// So many are looked up without asking first how many pages a list of all orders has.
constexpr std::size_t few_gone = 4;
// An order's two creation times differ by seconds, and nobody outside knows by which one the API filters.
constexpr std::chrono::seconds edge = 60s;
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
    case step::explain: {
      std::vector<int> statuses;
      for (const auto& list : lists_) statuses.push_back(list.first);
      return read_mirror{part_.window, std::move(statuses)};
    }
    case step::count_all:
      return recheck::count_api{part_.window, std::nullopt};
    case step::list_all:
      return read_page{part_.window, std::nullopt, page_, rules_.page_size};
    case step::look_up:
      return recheck::look_up{gone_.front()};
    case step::store: {
      store_orders batch{part_.window, {}};
      for (const auto& [id, order] : shown_) batch.orders.push_back(order);
      return batch;
    }
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
    if (pages_of(total) >= static_cast<std::int64_t>(gone_.size())) return look_up_next();
    begin_pages(total);
    step_ = step::list_all;
    return;
  }
  require(step_ == step::count_api || step_ == step::count_half);
  auto& of = step_ == step::count_api ? whole_ : half_;
  const int status = to_count_.front();
  to_count_.pop_front();
  if (rules_.most_listed > 0 && total > rules_.most_listed) result_.too_large = true;
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
  for (const int status : of.differing()) size.pages += pages_of(count_of(of.api, status));
  return size;
}

void count_check::take_next_part() {
  if (left_.empty()) {
    step_ = step::count_again;
    return;
  }
  part_ = std::move(left_.back());
  left_.pop_back();
  if (part_.can_be_cut && halving_pays(size_of(part_)))
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
  lists_.clear();
  shown_.clear();
  still_there_.clear();
  drifted_ = false;
  begin_list();
}

void count_check::begin_list() {
  while (!to_list_.empty()) {
    const int status = to_list_.front();
    lists_[status];
    listed_.insert(status);
    const auto orders = count_of(part_.api, status) + (is_whole() ? count_of(offset_, status) : 0);
    if (orders > 0) {
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
  if (static_cast<std::int64_t>(lists_[status].size()) != total) drifted_ = true;
  if (is_whole()) whole_.api[status] = total - count_of(offset_, status);
}

void count_check::page_read(page reply) {
  require(step_ == step::list || step_ == step::list_all);
  for (auto& order : reply.orders) {
    if (step_ == step::list) {
      const int status = to_list_.front();
      lists_[status].insert(order.id);
      if (order.order_status && *order.order_status != status) misplaced_.insert(order.id);
    }
    auto& kept = shown_[order.id];
    if (kept.id == 0 || kept.observed_at <= order.observed_at) kept = std::move(order);
  }
  if (--page_ > 0) return;
  if (step_ == step::list_all) return find_gone();
  end_list(reply.total);
  begin_list();
}

void count_check::mirror_read(std::vector<mirror_order> orders) {
  if (step_ == step::explain) return explain(orders);
  require(step_ == step::compare);
  gone_.assign(orders.begin(), orders.end());
  find_gone();
}

void count_check::find_gone() {
  std::erase_if(gone_, [&](const mirror_order& of) {
    const auto at = shown_.find(of.id);
    if (at == shown_.end()) return false;
    if (at->second.order_status == of.status && !lists_[of.status].contains(of.id)) still_there_.insert(of.id);
    return true;
  });
  if (step_ == step::compare && gone_.size() > few_gone) {
    step_ = step::count_all;
    return;
  }
  look_up_next();
}

// Orders without a number are left to their window.
void count_check::look_up_next() {
  while (!gone_.empty() && gone_.front().tb_order_id.empty()) gone_.pop_front();
  if (!gone_.empty())
    step_ = step::look_up;
  else if (!shown_.empty())
    step_ = step::store;
  else
    take_next_part();
}

void count_check::looked_up(std::optional<core::order> order) {
  require(step_ == step::look_up);
  const auto of = std::move(gone_.front());
  gone_.pop_front();
  if (order && order->id == of.id) {
    if (order->order_status == of.status) still_there_.insert(of.id);
    shown_[of.id] = std::move(*order);
  }
  look_up_next();
}

void count_check::stored(std::int64_t changed) {
  require(step_ == step::store);
  result_.changed += changed;
  take_next_part();
}

// What still differs.

void count_check::counted_again() {
  const auto statuses = whole_.differing();
  result_.settled = statuses.empty();
  result_.suspects = misplaced_;
  step_ = step::done;
  if (explaining_ && !statuses.empty()) {
    step_ = step::explain;
    return;
  }
  auto hidden = whole_;
  for (const int status : listed_) hidden.api[status] = count_of(hidden.mirror, status);
  // Counts of halves may no longer agree with those of the whole: then no list was read, and searching is in vain.
  const bool in_vain = listed_.size() == std::exchange(listed_before_, listed_.size());
  if (!hidden.differing().empty()) return in_vain ? void() : search(std::move(hidden));
  if (statuses.empty() || result_.changed > 0) return;
  explaining_ = true;
  auto again = whole_;
  again.can_be_cut = false;
  result_.too_large = size_of(again).pages > most_pages_to_explain;
  if (result_.too_large) return;
  if (is_whole() && std::ranges::all_of(statuses, [&](int status) { return lists_.contains(status); }))
    step_ = step::explain;
  else
    search(std::move(again));
}

bool count_check::near_an_end(core::instant created) const noexcept {
  return created < window_.begin + edge || created >= window_.end - edge;
}

// The lists of the whole window were read, and the mirror has what they show.
void count_check::explain(const std::vector<mirror_order>& orders) {
  step_ = step::done;
  if (drifted_) return;
  std::map<int, std::set<std::int64_t>> held;
  for (const auto& order : orders) {
    held[order.status].insert(order.id);
    const bool lacking = !lists_[order.status].contains(order.id);
    if (lacking && still_there_.contains(order.id) && !near_an_end(order.created_at)) result_.suspects.insert(order.id);
  }
  for (const auto& [status, ids] : lists_) {
    const auto more = static_cast<std::int64_t>(ids.size()) - static_cast<std::int64_t>(held[status].size());
    more == 0 ? void(result_.offset.erase(status)) : void(result_.offset[status] = more);
  }
  result_.settled = result_.suspects.empty();
}

}  // namespace ordersync::sync::recheck
