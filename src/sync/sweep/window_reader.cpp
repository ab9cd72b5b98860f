#include "sync/sweep/window_reader.hpp"

#include "sync/evidence/in_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ordersync::sync::sweep {

namespace {

// What schema_drift shows of it.
constexpr const char* served_twice = "data[] (one order twice on a page, with different content)";

// A total that is a multiple counts something else than orders.
std::string ratio_text(std::int64_t total, std::int64_t seen) {
  if (seen < 1 || total < seen + seen / 4) return {};
  return fmt::format(", {:.2f} counted for each returned: the total seems to count something else, such as order lines",
                     static_cast<double>(total) / static_cast<double>(seen));
}

}  // namespace

window_reader::window_reader(core::window window, reading_rules rules, bool divisible)
    : window_(window), rules_(std::move(rules)), divisible_(divisible), settled_end_(window.end) {
  if (window.empty()) throw std::logic_error("a window to read must not be empty");
  for (const int status : rules_.statuses) lists_.push_back({status});
  if (lists_.empty()) lists_.emplace_back();
}

void window_reader::begin(mode how) {
  if (awaited_ != 0) throw std::logic_error("a read began while answers of the last one are awaited");
  mode_ = how;
  phase_ = phase::first;
  next_ = 1;
  counted_ = last_ = 1;
  page_rows_ = 0;
  list_ = 0;
  total_.reset();
  ids_.clear();
  unusable_.clear();
  first_page_.clear();
  settled_end_ = window_.end;
  too_many_ = not_settled_ = false;
  doubt_.clear();
  error_.reset();
  pages_of_read_ = 0;
  ++reads_;
}

std::optional<int> window_reader::status() const {
  return lists_[std::min(list_, lists_.size() - 1)].status;
}

// A careful read is over at the first doubt; an exhaustive one goes on for what else there is.
bool window_reader::wants_more() const noexcept {
  return !error_ && !too_many_ && !not_settled_ && (doubt_.empty() || mode_ == mode::exhaustive);
}

std::optional<int> window_reader::next_page() {
  if (!wants_more()) return std::nullopt;
  if (phase_ == phase::rest && next_ <= last_) {
    ++awaited_;
    return next_++;
  }
  // Page 1 goes alone, first for its total and last to confirm it.
  if (awaited_ == 0 && (phase_ == phase::first || phase_ == phase::confirm)) {
    ++awaited_;
    return 1;
  }
  return std::nullopt;
}

void window_reader::on_page(int number, page&& reply) {
  --awaited_;
  ++pages_answered_;
  ++pages_of_read_;
  if (!started_at_) started_at_ = reply.observed_at;
  if (auto outside = evidence::outside_reason(window_, reply.orders, rules_.zone); !outside.empty()) {
    outside_ = true;
    doubt(std::move(outside));
  }
  if (phase_ == phase::first) {
    for (const auto& order : reply.orders) first_page_.insert_or_assign(order.id, order.content_hash);
    take_first_page(reply);
  } else if (phase_ == phase::confirm) {
    take_confirmation(reply);
    std::erase_if(reply.orders, [this](const core::order& order) { return was_taken(order); });
  } else {
    take_other_page(number, reply);
  }
  const auto known = ids_.size();
  const bool full = static_cast<std::int64_t>(reply.rows()) >= page_rows_;
  const bool rows = !reply.orders.empty() && reply.unusable.empty();
  const bool rest = phase_ == phase::rest && number > 1;
  keep(std::move(reply));
  const bool new_ones = ids_.size() > known;
  // An exhaustive read does not trust the total: it goes on for as long as a full page brings something new.
  if (rest && mode_ == mode::exhaustive && number == last_ && full && new_ones) ++last_;
  if (rest && rows && !new_ones && number <= counted_) {
    doubt(fmt::format("page {} of {} contains only orders of other pages", number, counted_));
    last_ = std::min<std::int64_t>(last_, next_ - 1);  // and so may all that follow
  }
  if (phase_ == phase::rest && next_ > last_ && awaited_ == 0) end_of_rest();
  if (phase_ == phase::over && awaited_ == 0 && wants_more()) check_counts();
}

// What is left as a gap says how far the count and the orders are apart, whatever the first doubt was.
std::string window_reader::count_reason() const {
  return fmt::format("the API counts {} orders but returned {}{}", *total_, seen(), ratio_text(*total_, seen()));
}

// One list is read to its end: the next one, or the confirmation of all.
void window_reader::end_of_rest() {
  if (list_ + 1 < lists_.size()) {
    ++list_;
    phase_ = phase::first;
    next_ = 1;
    return;
  }
  const bool confirm = counted_ > 1 || lists_.size() > 1;
  phase_ = confirm && doubt_.empty() ? phase::confirm : phase::over;
  list_ = 0;
}

void window_reader::on_failure(core::error why) {
  --awaited_;
  doubt_ = why.what;
  error_ = std::move(why);
}

void window_reader::take_first_page(const page& reply) {
  lists_[list_].total = reply.total;
  total_ = total_.value_or(0) + reply.total;
  page_rows_ = static_cast<std::int64_t>(reply.rows());
  phase_ = phase::rest;
  next_ = 2;
  if (reply.server_time) {
    settled_end_ = std::min(window_.end, *reply.server_time - rules_.settle);
    not_settled_ = settled_end_ <= window_.begin;
    if (not_settled_) doubt_ = "too early by the API's clock, " + core::to_text(*reply.server_time);
  }
  too_many_ = divisible_ && *total_ > rules_.max_orders;
  if (too_many_) doubt_ = fmt::format("{} orders, more than max_window_orders", *total_);
  if (page_rows_ == 0 && reply.total > 0) doubt(fmt::format("the API counts {} orders but returned none", reply.total));
  // The API may honour a smaller page size than was asked for: what page 1 holds is the size.
  counted_ = page_rows_ > 0 ? std::max<std::int64_t>(1, (reply.total + page_rows_ - 1) / page_rows_) : 1;
  const bool full = page_rows_ >= rules_.page_size || counted_ > 1;
  last_ = full && reply.total == counted_ * page_rows_ ? counted_ + 1 : counted_;
}

void window_reader::take_other_page(int number, const page& reply) {
  const auto reported_first = lists_[list_].total;
  if (reply.total != reported_first)
    doubt(fmt::format("page 1 reported {} orders, page {} reports {}", reported_first, number, reply.total));
  if (reply.rows() > 0 || number > counted_) return;
  doubt(fmt::format("page {} of {} is empty", number, counted_));
  last_ = next_ - 1;  // nothing is to be expected behind an empty page
}

void window_reader::take_confirmation(const page& reply) {
  const auto reported_first = lists_[list_].total;
  if (reply.total != reported_first)
    doubt(fmt::format("page 1 reported {} orders at first and {} at the end", reported_first, reply.total));
  if (++list_ < lists_.size()) return;
  list_ = 0;
  phase_ = phase::over;
}

// Its reader has it already, as it is.
bool window_reader::was_taken(const core::order& order) const {
  const auto before = first_page_.find(order.id);
  return !index_.contains(order.id) && before != first_page_.end() && before->second == order.content_hash;
}

void window_reader::keep(page&& reply) {
  // An order is large, and a list that grows moves all of it again and again. A total may be wrong, so not without end.
  constexpr std::int64_t most_ahead = 4'000;
  if (orders_.empty() && !reply.orders.empty())
    orders_.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(reply.total, 0, most_ahead)));
  for (auto& order : reply.orders) keep(std::move(order));
  for (auto& order : reply.unusable) {
    const auto same = [&](const core::unusable_order& other) { return other.raw == order.raw; };
    if (std::none_of(unusable_.begin(), unusable_.end(), same)) unusable_.push_back(std::move(order));
  }
}

// What was observed later counts. Of two states on one page, which were observed at once, the later one in an order's
// life counts, and where that says nothing the later place: so the same page always gives the same state.
void window_reader::keep(core::order&& order) {
  const auto id = order.id;
  ids_.insert(id);
  const auto [place, fresh] = index_.try_emplace(id, orders_.size());
  if (fresh) return orders_.push_back(std::move(order));
  auto& held = orders_[place->second];
  if (held.observed_at > order.observed_at) return;
  const bool at_once = held.observed_at == order.observed_at && held.content_hash != order.content_hash;
  if (at_once) order.unknown_paths.emplace_back(served_twice);
  if (at_once && held.order_status.value_or(-1) > order.order_status.value_or(-1)) {
    held.unknown_paths = std::move(order.unknown_paths);
    return;
  }
  held = std::move(order);
}

void window_reader::check_counts() {
  if (!unusable_.empty()) {
    doubt(fmt::format("{} of its orders are unreadable and in quarantine", unusable_.size()));
  } else if (seen() != *total_) {
    if (mode_ == mode::exhaustive && !outside_) doubt_.clear();
    doubt(count_reason());
  }
}

// The first doubt is the one to report: the others follow from it.
void window_reader::doubt(std::string why) {
  if (doubt_.empty()) doubt_ = std::move(why);
}

std::optional<conclusion> window_reader::concluded() const {
  if (reads_ == 0 || awaited_ != 0) return std::nullopt;
  if (error_) return conclusion::failed;
  if (too_many_) return conclusion::too_many;
  if (not_settled_) return conclusion::not_settled;
  if (!doubt_.empty() && mode_ == mode::careful) return conclusion::doubtful;
  if (phase_ != phase::over) return std::nullopt;
  return doubt_.empty() ? conclusion::proven : conclusion::doubtful;
}

std::vector<core::order> window_reader::take_orders() {
  index_.clear();
  return std::exchange(orders_, {});
}

std::vector<core::unusable_order> window_reader::take_unusable() {
  return std::exchange(unusable_, {});
}

}  // namespace ordersync::sync::sweep
