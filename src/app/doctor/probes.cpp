#include "app/doctor/probes.hpp"

#include "app/doctor/api_findings.hpp"
#include "sync/evidence/in_window.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordersync::app::doctor {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// A larger page is not worth the risk of a slow reply.
constexpr int largest_page = 500;
constexpr int most_questions = 8;
// The statuses of the vendor's documentation.
constexpr int last_status = 8;

std::optional<dated_order> in_whole_seconds(const pandapon::shown_order& order) {
  if (!order.created_at || !order.tb_created_at) return std::nullopt;
  const auto created = std::chrono::floor<std::chrono::seconds>(*order.created_at);
  const auto tb_created = std::chrono::floor<std::chrono::seconds>(*order.tb_created_at);
  if (created != *order.created_at || tb_created != *order.tb_created_at) return std::nullopt;
  return dated_order{order.id, created, tb_created};
}

// Offsets that zones on Earth have, in minutes, those of daylight saving time included.
constexpr std::array zone_minutes{480,  0,    540,  420,  600,  360,  330,  345,  390,  570,  300,  270,  240,  210,
                                  180,  120,  60,   -60,  -120, -150, -180, -210, -240, -300, -360, -420, -480, -540,
                                  -570, -600, -660, -720, 525,  630,  660,  720,  765,  780,  825,  840};

std::optional<std::chrono::seconds> shift_of(const pandapon::exact_range& range, const pandapon::shown_page& shown) {
  std::vector<core::order> orders;
  for (const auto& order : shown.orders) {
    core::order dated;
    dated.created_at = order.created_at;
    dated.tb_created_at = order.tb_created_at;
    orders.push_back(std::move(dated));
  }
  return sync::evidence::fitting_shift({range.begin, range.end}, orders);
}

}  // namespace

void probes::keep(const pandapon::exact_range& range, const pandapon::shown_page& shown) {
  ranges_.push_back({range, shown.total, shown.rows});
  if (const auto shift = shift_of(range, shown)) shifts_.push_back(*shift);
  for (const auto& order : shown.orders) {
    const auto dated = in_whole_seconds(order);
    const auto known = dated && std::ranges::any_of(orders_, [&](const auto& one) { return one.id == dated->id; });
    if (dated && !known) orders_.push_back(*dated);
  }
}

asio::awaitable<void> probes::gather(const pandapon::exact_range& range, const pandapon::shown_page& first) {
  ranges_.clear();
  orders_.clear();
  shifts_.clear();
  keep(range, first);
  const auto since_start = range.end - settings_.sync.start;
  const std::array<std::chrono::seconds, 6> lengths{
      1h, 6h, 24h, 7 * 24h, 30 * 24h, std::max<std::chrono::seconds>(since_start, 31 * 24h)};
  for (const auto length : lengths) {
    if (length <= range.end - range.begin) continue;
    // Enough to try the largest page.
    if (ranges_.back().total > largest_page || api_.stopping()) break;
    const pandapon::exact_range wider{range.end - length, range.end};
    const auto shown = co_await api_.ask({.range = wider, .page_size = sample_size});
    if (shown.has_error()) break;
    keep(wider, *shown);
  }
}

const probes::counted_range& probes::widest() const {
  return *std::ranges::max_element(ranges_, {}, &counted_range::total);
}

asio::awaitable<void> probes::perform() {
  if (!api_.stopping()) co_await look_at_zone();
  if (!api_.stopping()) co_await look_at_filter();
  if (!api_.stopping()) co_await look_at_page_size();
  if (!api_.stopping()) co_await look_at_unused_filters();
}

// None: there were more orders in the range than come on one page.
asio::awaitable<std::optional<bool>> probes::shows(const dated_order& order, pandapon::exact_range range) {
  const auto shown = co_await api_.ask({.range = range, .page_size = sample_size});
  if (shown.has_error()) co_return std::nullopt;
  const bool there = std::ranges::any_of(shown->orders, [&](const auto& one) { return one.id == order.id; });
  if (!there && shown->total > std::ssize(shown->orders)) co_return std::nullopt;
  co_return there;
}

// The configured one, those by which what was shown is where it was asked for, then all that there are.
std::vector<std::chrono::seconds> probes::zones_to_try() const {
  const auto configured = settings_.api.time_zone;
  std::vector<std::chrono::seconds> zones{configured};
  const auto add = [&](std::chrono::seconds zone) {
    if (std::ranges::find(zones, zone) == zones.end()) zones.push_back(zone);
  };
  for (const auto shift : shifts_) add(configured + shift);
  for (const int minutes : zone_minutes) add(std::chrono::minutes{minutes});
  return zones;
}

asio::awaitable<void> probes::look_at_zone() {
  const auto configured = settings_.api.time_zone;
  const auto zones = zones_to_try();
  std::optional<std::chrono::seconds> right;
  bool asked = false;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, orders_.size()) && !asked; ++i) {
    const auto early = std::min(orders_[i].created, orders_[i].tb_created);
    const auto late = std::max(orders_[i].created, orders_[i].tb_created);
    for (const auto zone : zones) {
      api_.style.zone_offset = zone;
      const auto there = co_await shows(orders_[i], {early - 2s, late + 2s});
      asked = asked || there.has_value();
      if (there.value_or(false)) right = zone;
      if (right || api_.stopping()) break;
    }
  }
  api_.style.zone_offset = right.value_or(configured);
  if (!api_.stopping()) notes_.add(assess_zone(right, configured, asked));
}

asio::awaitable<void> probes::look_at_filter() {
  filter_inquiry inquiry(orders_);
  int answers = 0;
  for (int i = 0; i < most_questions && !api_.stopping(); ++i) {
    const auto question = inquiry.next();
    if (!question) break;
    const auto there = co_await shows(question->about, {question->begin, question->end});
    if (there)
      inquiry.answer(*question, *there);
    else
      inquiry.dismiss(*question);
    answers += there.has_value() ? 1 : 0;
  }
  if (api_.stopping()) co_return;
  for (auto& one : assess_filter(inquiry.left(), answers)) notes_.add(std::move(one));
}

asio::awaitable<void> probes::look_at_page_size() {
  const auto most = widest();
  std::vector<page_answer> answers;
  answers.push_back({sample_size, most.total, most.rows});
  std::vector<int> sizes{50, 100, 200, largest_page};
  const auto configured = settings_.sync.page_size;
  if (configured > sample_size && configured <= most.total && std::ranges::count(sizes, configured) == 0)
    sizes.push_back(configured);
  std::ranges::sort(sizes);
  for (const auto size : sizes) {
    if (!honoured(answers.back()) || most.total < size || api_.stopping()) break;
    const auto shown = co_await api_.ask({.range = most.range, .page_size = size});
    if (shown.has_error())
      answers.push_back({size, most.total, shown.error()});
    else
      answers.push_back({size, shown->total, shown->rows});
  }
  if (!api_.stopping()) notes_.add(assess_page_size(answers, settings_.sync));
}

asio::awaitable<std::optional<std::int64_t>> probes::add_up_statuses(pandapon::exact_range range) {
  std::int64_t sum = 0;
  for (int status = 1; status <= last_status; ++status) {
    const auto shown = co_await api_.ask({.range = range, .page_size = 1, .status = status});
    if (shown.has_error() || api_.stopping()) co_return std::nullopt;
    sum += shown->total;
  }
  co_return sum;
}

asio::awaitable<void> probes::look_at_unused_filters() {
  // The shortest range that has a few orders: the less there is, the less moves meanwhile.
  constexpr std::int64_t few = 20;
  const auto enough = std::ranges::find_if(ranges_, [](const auto& one) { return one.total >= few; });
  const auto range = enough == ranges_.end() ? widest().range : enough->range;
  const auto usual = api_.style.unused;
  std::vector<filter_count> counts;
  std::int64_t most = 0;
  for (const auto how :
       {pandapon::unused_filters::omit, pandapon::unused_filters::null, pandapon::unused_filters::empty}) {
    api_.style.unused = how;
    const auto shown = co_await api_.ask({.range = range, .page_size = 1});
    if (shown.has_error())
      counts.push_back({how, shown.error()});
    else
      counts.push_back({how, shown->total});
    most = std::max(most, shown.has_value() ? shown->total : 0);
  }
  api_.style.unused = usual;
  // Orders that move while they are counted come twice or not at all: a sum that is not as expected is accepted only
  // when it comes again.
  std::optional<std::int64_t> sum;
  std::optional<std::int64_t> before;
  for (int i = 0; i < 3 && most > 0 && !api_.stopping(); ++i) {
    before = sum;
    sum = co_await add_up_statuses(range);
    if (!sum || sum == most || sum == before) break;
  }
  if (sum != most && sum != before) sum.reset();
  if (!api_.stopping()) notes_.add(assess_unused(counts, sum, settings_.api.unused_filters));
}

}  // namespace ordersync::app::doctor
