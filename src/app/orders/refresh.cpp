#include "app/orders/refresh.hpp"

#include "app/details/detail_batch.hpp"
#include "app/orders/number_search.hpp"
#include "app/tasks/looked_up.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::orders {

namespace asio = boost::asio;
using store::reports::order_report;

namespace {

// The order that was looked for out of a reply; none: the API does not know it. A reply with others alone is of an API
// that does not apply the filter, so it says nothing.
core::result<std::optional<core::order>> pick(sync::page reply, const std::function<bool(const core::order&)>& wanted) {
  const auto at = std::ranges::find_if(reply.orders, wanted);
  if (at != reply.orders.end()) return std::optional{std::move(*at)};
  if (reply.total == 0 && reply.rows() == 0) return std::optional<core::order>{};
  return core::make_error(core::failure::unusable_reply,
                          "the API answers a look-up by tbOrderId with other orders than the requested one");
}

asio::awaitable<core::result<std::optional<order_report>>> find_by_id(store::database& database, std::int64_t id) {
  auto number = std::to_string(id);
  auto found = co_await database.find_orders(std::move(number), false);
  if (found.has_error()) co_return found.error();
  const auto at = std::ranges::find(*found, id, &order_report::id);
  if (at == found->end()) co_return std::optional<order_report>{};
  co_return std::optional{std::move(*at)};
}

// Stores what was read; sets outcome and changes.
asio::awaitable<core::result<void>> store_read(const refresh_dependencies& around, core::order order,
                                               std::int64_t version_before, refreshed& into) {
  const auto id = order.id;
  auto batch = tasks::looked_up(into.account, std::move(order), around.reason);
  const auto summary = co_await around.database.commit(std::move(batch));
  if (summary.has_error()) co_return summary.error();
  into.order_id = id;
  into.outcome = refresh_outcome::unchanged;
  if (summary->created > 0) into.outcome = refresh_outcome::stored;
  if (summary->outdated > 0) into.outcome = refresh_outcome::outdated;
  if (into.outcome != refresh_outcome::unchanged) co_return core::result<void>{};
  auto after = co_await find_by_id(around.database, id);
  if (after.has_error()) co_return after.error();
  if (!*after) co_return core::result<void>{};
  for (auto& state : (*after)->history)
    if (state.version > version_before) std::ranges::move(state.changes, std::back_inserter(into.changes));
  if ((*after)->version > version_before) into.outcome = refresh_outcome::changed;
  co_return core::result<void>{};
}

// One that was read shows that these calls are permitted, whatever was seen before. What fails here is seen again.
asio::awaitable<void> note_permitted(const refresh_dependencies& around, const std::string& account,
                                     const refreshed_detail& read) {
  auto whose = account;
  const bool refunds = read.refunds > 0 && read.missing.empty();
  auto noting = around.database.details().set_permitted(std::move(whose), refunds);
  co_await std::move(noting);
}

// What fails here leaves the order as it was just stored.
asio::awaitable<void> add_detail(const refresh_dependencies& around, const order_api& api, std::string tb_order_id,
                                 refreshed& into) {
  auto looking = around.database.details().open_refunds(*into.order_id);
  auto open = co_await std::move(looking);
  details::wanted_detail wanted{std::move(tb_order_id),
                                open.has_value() ? std::move(*open) : std::vector<std::string>{}};
  auto asked = api.read_detail(std::move(wanted));
  auto reading = co_await std::move(asked);
  auto& result = into.detail.emplace();
  core::result<store::details::written> done{core::error{}};
  if (reading.has_value()) {
    result.refunds = static_cast<std::int64_t>(reading->refunds.size());
    if (reading->missing) result.missing = reading->missing->what;
    auto read = details::to_store(*into.order_id, std::move(*reading));
    auto storing = around.database.details().commit(api.account, std::move(read));
    done = co_await std::move(storing);
    auto permitted = note_permitted(around, api.account, result);
    co_await std::move(permitted);
  } else {
    done = reading.error();
  }
  if (done.has_error()) result.reason = done.error().what;
  result.outcome = done.has_value()                                    ? details::name(*done)
                   : done.error().kind == core::failure::not_permitted ? "refused"
                                                                       : "failed";
}

// One order at one API.
struct question {
  const order_api& api;
  std::string tb_order_id;
  core::window range;
  std::function<bool(const core::order&)> is_wanted;
  std::int64_t version_before = 0;
};

// Reads and stores it; false: the API does not return it. What is outdated by the time when it is stored is read once
// more.
asio::awaitable<core::result<bool>> read_order(const refresh_dependencies& around, question of, refreshed& into) {
  constexpr int most_reads = 2;
  for (int reads = 1;; ++reads) {
    auto asked = of.api.look_up(of.tb_order_id, of.range);
    auto reply = co_await std::move(asked);
    if (reply.has_error()) co_return reply.error();
    auto order = pick(std::move(*reply), of.is_wanted);
    if (order.has_error()) co_return order.error();
    if (!*order) co_return false;
    into.account = of.api.account;
    auto read = std::move(**order);
    const auto number = read.tb_order_id.value_or("");
    const auto stored = co_await store_read(around, std::move(read), of.version_before, into);
    if (stored.has_error()) co_return stored.error();
    if (into.outcome == refresh_outcome::outdated && reads < most_reads) continue;
    if (of.api.read_detail && can_be_searched(number)) co_await add_detail(around, of.api, number, into);
    co_return true;
  }
}

asio::awaitable<core::result<refreshed>> refresh_known(const refresh_dependencies& around, std::string number,
                                                       const order_report& held) {
  refreshed result{.number = std::move(number), .order_id = held.id, .account = held.account};
  const auto api = std::ranges::find(around.apis, held.account, &order_api::account);
  const auto created = held.created_at ? held.created_at : held.tb_created_at;
  if (api == around.apis.end()) {
    result.outcome = refresh_outcome::not_configured;
    co_return result;
  }
  if (!created || !held.tb_order_id || !can_be_searched(*held.tb_order_id)) {
    result.outcome = refresh_outcome::not_searchable;
    co_return result;
  }
  question of{.api = *api,
              .tb_order_id = *held.tb_order_id,
              .range = tasks::look_up_range(*created, around.now, api->limits),
              .is_wanted = [id = held.id](const core::order& o) { return o.id == id; },
              .version_before = held.version};
  const auto returned = co_await read_order(around, std::move(of), result);
  if (returned.has_error()) co_return returned.error();
  if (!*returned) result.outcome = refresh_outcome::not_returned;
  co_return result;
}

// What all accounts allow.
sync::evidence::known_limits common_limits(const std::vector<order_api>& apis) {
  sync::evidence::known_limits limits;
  for (const auto& api : apis) {
    if (const auto longest = api.limits.longest_range)
      limits.longest_range = std::min(*longest, limits.longest_range.value_or(*longest));
    if (const auto nearest = api.limits.nearest_end)
      limits.nearest_end = std::max(*nearest, limits.nearest_end.value_or(*nearest));
  }
  return limits;
}

asio::awaitable<core::result<refreshed>> search_unknown(const refresh_dependencies& around, std::string number) {
  refreshed result{.number = number};
  result.outcome = can_be_searched(number) ? refresh_outcome::not_found : refresh_outcome::not_searchable;
  if (result.outcome == refresh_outcome::not_searchable || around.apis.empty()) co_return result;
  // The API's clock may be a little ahead of ours.
  const core::window whole{around.start, around.now + std::chrono::seconds{1}};
  const auto ranges = search_ranges(whole, common_limits(around.apis),
                                    std::max(1, most_requests / static_cast<int>(around.apis.size())));
  for (const auto& range : ranges) {
    for (const auto& api : around.apis) {
      question of{.api = api, .tb_order_id = number, .range = range, .is_wanted = [number](const core::order& o) {
                    return o.tb_order_id == number;
                  }};
      const auto returned = co_await read_order(around, std::move(of), result);
      if (returned.has_error()) co_return returned.error();
      if (*returned) co_return result;
    }
    result.searched = core::window{range.begin, ranges.front().end};
  }
  result.searched_all = !ranges.empty() && ranges.back().begin <= around.start;
  co_return result;
}

}  // namespace

const char* name(refresh_outcome of) noexcept {
  switch (of) {
    case refresh_outcome::stored:
      return "stored";
    case refresh_outcome::changed:
      return "changed";
    case refresh_outcome::unchanged:
      return "unchanged";
    case refresh_outcome::outdated:
      return "outdated";
    case refresh_outcome::not_returned:
      return "not_returned";
    case refresh_outcome::not_found:
      return "not_found";
    case refresh_outcome::not_searchable:
      return "not_searchable";
    case refresh_outcome::not_configured:
      return "not_configured";
  }
  return "";
}

asio::awaitable<core::result<std::vector<refreshed>>> refresh(const refresh_dependencies& around, std::string number) {
  std::vector<refreshed> results;
  const auto held = co_await around.database.find_orders(number, false);
  if (held.has_error()) co_return held.error();
  for (const auto& order : *held) {
    auto one = co_await refresh_known(around, number, order);
    if (one.has_error()) co_return one.error();
    results.push_back(std::move(*one));
  }
  if (!results.empty()) co_return results;
  auto found = co_await search_unknown(around, std::move(number));
  if (found.has_error()) co_return found.error();
  results.push_back(std::move(*found));
  co_return results;
}

}  // namespace ordersync::app::orders
