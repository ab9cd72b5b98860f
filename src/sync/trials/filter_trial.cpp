#include "sync/trials/filter_trial.hpp"

#include "sync/evidence/in_window.hpp"

#include <algorithm>
#include <optional>

namespace ordersync::sync::trials {

namespace {

using std::chrono::seconds;
using namespace std::chrono_literals;

// Zones on Earth are within 14 h of +08:00's neighbours; an order is looked for that far around its creation.
constexpr std::chrono::hours farthest_zone{15};
constexpr seconds zone_step = 15min;
// More would only ask for orders that are gone.
constexpr std::size_t most_orders = 4;

// Where the API has the order, in a range that is halved until it is shorter than zones differ. `range` shows it.
questions::answer<seconds> shift_of(questions& ask, evidence::witness order, core::window range) {
  while (range.length() > zone_step) {
    const auto middle = range.begin + range.length() / 2;
    const core::window earlier{range.begin, middle};
    const auto shown = co_await ask.shows(earlier, order);
    if (shown.has_error()) co_return shown.error();
    range = *shown ? earlier : core::window{middle, range.end};
  }
  const auto off = range.begin + range.length() / 2 - order.created.begin;
  co_return std::chrono::round<std::chrono::duration<std::int64_t, std::ratio<900>>>(off);
}

// The order is not shown where it was created: is it shown elsewhere? A refusal, which the length of the range may be
// the reason for, leaves that open and does not speak for the filter.
questions::answer<std::string> why_not_shown(questions& ask, evidence::witness order) {
  const core::window around{order.created.begin - farthest_zone, order.created.end + farthest_zone};
  const auto shown = co_await ask.shows(around, order);
  if (shown.has_error() && !questions::refuses(shown.error())) co_return shown.error();
  if (shown.has_error() || !*shown) co_return std::string{};
  const auto shift = co_await shift_of(ask, order, around);
  if (shift.has_error() && !questions::refuses(shift.error())) co_return shift.error();
  if (shift.has_error() || *shift == 0s)
    co_return std::string{
        "the API does not return an order for the second of its creation, but does for a longer range: it does not "
        "filter by the exact times requested"};
  co_return "the API returns an order for another time than that of its creation: " +
      evidence::shift_text(*shift, ask.known().rules().zone);
}

std::vector<evidence::witness> distinct(std::vector<evidence::witness> orders) {
  std::vector<evidence::witness> out;
  for (auto& order : orders) {
    const auto same = [&](const evidence::witness& other) { return other.id == order.id; };
    if (out.size() < most_orders && std::ranges::none_of(out, same)) out.push_back(std::move(order));
  }
  return out;
}

// By its status: an order that lists without a status leave out is there all the same.
questions::answer<bool> shown_by_status(questions& ask, evidence::witness order) {
  if (!order.status || ask.known().limits().by_status) co_return false;
  for (int tries = 0; tries < 2; ++tries) {
    const auto found = co_await ask.read(order.created, 1, order.status);
    if (found.has_error()) co_return found.error();
    if (std::ranges::find(found->orders, order.id, &core::order::id) == found->orders.end()) co_return false;
    const auto plain = co_await ask.shows_itself(order);
    if (plain.has_error() || *plain) co_return plain.has_error() ? plain : core::result<bool>{false};
  }
  co_return true;
}

// It would not be shown by a filter that rounds times to the minute.
bool is_decisive(const evidence::witness& order) {
  return evidence::shown_to_be_exact(order.created, order.created).both();
}

// The first stays first.
std::vector<evidence::witness> decisive_first(std::vector<evidence::witness> orders) {
  if (!orders.empty()) std::stable_partition(orders.begin() + 1, orders.end(), is_decisive);
  return distinct(std::move(orders));
}

std::vector<evidence::witness> known_orders(const evidence::evidence& known, std::vector<evidence::witness> stored) {
  std::vector<evidence::witness> orders;
  if (const auto& finished = known.finished()) orders.push_back(*finished);
  if (const auto& newest = known.newest()) orders.push_back(*newest);
  if (const auto& oldest = known.oldest()) orders.push_back(*oldest);
  orders.insert(orders.end(), stored.begin(), stored.end());
  return orders;
}

}  // namespace

questions::answer<filter_finding> try_filter(questions& ask, std::vector<evidence::witness> orders) {
  // A finished order that is not shown says more than another one that is.
  filter_finding finding;
  orders = decisive_first(std::move(orders));
  std::optional<evidence::witness> seen;
  for (const auto& order : orders) {
    const auto shown = co_await ask.shows_itself(order);
    if (shown.has_error()) co_return shown.error();
    if (!ask.outside().empty()) break;  // whatever else it shows
    if (*shown) {
      finding.holds = true;
      seen = order;
      if (is_decisive(order)) break;
      continue;
    }
    ask.known().forget_witness(order.id);
    const auto hidden = co_await shown_by_status(ask, order);
    if (hidden.has_error()) co_return hidden.error();
    finding.by_status = finding.by_status || *hidden;
    if (*hidden) continue;
    // One that is shown elsewhere is not gone: then others that happen to be shown say nothing.
    auto why = co_await why_not_shown(ask, order);
    if (why.has_error()) co_return why.error();
    finding.reason = std::move(*why);
    if (!finding.reason.empty()) break;
  }
  if (finding.by_status && !finding.holds) co_return finding;
  if (!ask.outside().empty()) finding.reason = ask.outside();
  if (finding.reason.empty() && !finding.holds && !orders.empty())
    finding.reason = "the API returns none of its latest orders when asked for the time of their creation";
  finding.holds = finding.holds && finding.reason.empty();
  if (finding.holds) {
    ask.known().filter_holds(ask.now());
    ask.known().remember(*seen);  // others that were known may be gone
  }
  if (!finding.reason.empty()) ask.known().filter_fails(finding.reason);
  co_return finding;
}

questions::answer<filter_finding> try_filter_by_known(questions& ask, std::vector<evidence::witness> stored) {
  return try_filter(ask, known_orders(ask.known(), std::move(stored)));
}

std::vector<questions::planned> likely_filter_questions(questions& ask, std::vector<evidence::witness> stored) {
  const bool by_status = ask.known().limits().by_status;
  const auto orders = decisive_first(known_orders(ask.known(), std::move(stored)));
  std::vector<questions::planned> list;
  for (const auto& order : orders) {
    list.push_back({order.created, by_status ? order.status : std::nullopt});
    if (is_decisive(order)) break;
  }
  return list;
}

}  // namespace ordersync::sync::trials
