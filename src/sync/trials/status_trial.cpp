#include "sync/trials/status_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::sync::trials {

namespace {

constexpr int most_tries = 4;

struct status_list {
  int status = 0;
  std::vector<core::order> orders;  // of its first page
};

struct counted_lists {
  page plain;  // without a status, its first page
  std::int64_t sum = 0;
  bool ignored = true;             // each list counts what the one without a status does
  std::vector<status_list> shown;  // that have orders

  bool any_finished() const {
    return std::ranges::any_of(shown, [](const auto& list) { return evidence::is_finished(list.status); });
  }
};

std::optional<core::instant> created(const core::order& order) {
  return order.created_at ? order.created_at : order.tb_created_at;
}

std::vector<int> last_to_first(const evidence::evidence& known) {
  const auto& statuses = known.known_statuses();
  return {statuses.rbegin(), statuses.rend()};
}

// From the last status to the first, and then all: so an order that moves on, or is new, between two requests makes the
// sum smaller, and a greater one is no matter of the moment.
questions::answer<counted_lists> count_lists(questions& ask, core::window range, std::function<void()> before_last) {
  counted_lists counted;
  std::vector<std::int64_t> totals;
  const auto statuses = last_to_first(ask.known());
  for (const int status : statuses) {
    auto reply = co_await ask.read(range, 1, status);
    if (reply.has_error()) co_return reply.error();
    totals.push_back(reply->total);
    counted.sum += reply->total;
    if (reply->rows() > 0) counted.shown.push_back({status, std::move(reply->orders)});
  }
  if (before_last) before_last();
  auto plain = co_await ask.read(range);
  if (plain.has_error()) co_return plain.error();
  counted.plain = std::move(*plain);
  counted.ignored = std::ranges::all_of(totals, [&](auto total) { return total == counted.plain.total; });
  co_return counted;
}

// Of the orders that the list shows: one that should be on the first page of all, too, and is not; else any, of the
// list's own status where there is one.
std::optional<evidence::witness> suspect(const status_list& list, const page& plain) {
  const bool whole = plain.total == static_cast<std::int64_t>(plain.rows());
  auto earliest = core::instant::max();
  auto latest = core::instant::min();
  for (const auto& order : plain.orders) {
    const auto at = created(order);
    if (!at) continue;
    earliest = std::min(earliest, *at);
    latest = std::max(latest, *at);
  }
  std::optional<evidence::witness> best;
  int best_rank = -1;
  for (const auto& order : list.orders) {
    const auto at = created(order);
    if (!at) continue;
    auto w =
        evidence::make_witness(order.id, order.tb_order_id.value_or(""), *at, order.tb_created_at, order.order_status);
    if (!w) continue;
    const bool should_be_there = whole || (*at > earliest && *at < latest);
    const int rank = (should_be_there && !shows_order(plain, order.id) ? 2 : 0) + (w->status == list.status ? 1 : 0);
    if (rank <= best_rank) continue;
    best_rank = rank;
    best = std::move(w);
  }
  return best;
}

// An order that its status shows and no list without one does.
questions::answer<bool> left_out(questions& ask, evidence::witness order, int status) {
  for (int tries = 0; tries < 2; ++tries) {
    const auto plain = co_await ask.read(order.created);
    if (plain.has_error()) co_return plain.error();
    if (shows_order(*plain, order.id)) co_return false;
    const auto named = co_await ask.read(order.created, 1, status);
    if (named.has_error()) co_return named.error();
    if (!shows_order(*named, order.id)) co_return false;
  }
  co_return true;
}

// A status of which an order is left out.
questions::answer<std::optional<int>> status_left_out(questions& ask, const counted_lists& counted) {
  for (const auto& list : counted.shown) {
    auto order = suspect(list, counted.plain);
    if (!order) continue;
    const auto hidden = co_await left_out(ask, std::move(*order), list.status);
    if (hidden.has_error()) co_return hidden.error();
    if (*hidden) co_return std::optional(list.status);
  }
  co_return std::optional<int>{};
}

}  // namespace

questions::answer<status_finding> try_statuses(questions& ask, core::window range, bool to_now,
                                               std::function<void()> before_last) {
  status_finding finding;
  // At first several lists are asked for at once, so an order that moves on may be counted twice; then one by one.
  auto together = status_questions(ask, range);
  if (!ask.plans(range, together.front().status)) ask.plan(together);
  for (int tries = 1; tries <= most_tries; ++tries) {
    auto before = std::exchange(before_last, nullptr);
    const auto counted = co_await count_lists(ask, range, std::move(before));
    if (counted.has_error()) co_return counted.error();
    finding.counted = counted->plain.total;
    finding.by_status = counted->sum;
    const bool alike = counted->ignored || finding.by_status == finding.counted;
    if (!alike) {
      const auto hidden = co_await status_left_out(ask, *counted);
      if (hidden.has_error()) co_return hidden.error();
      if (*hidden) {
        finding.leaves_out = true;
        finding.found_by = fmt::format(
            "an order of status {} is returned only if the request names its status; the API counts {} orders without "
            "a status filter and {} over all statuses",
            **hidden, finding.counted, finding.by_status);
        co_return finding;
      }
      if (finding.by_status > finding.counted) continue;
    }
    finding.shows_all = counted->ignored || counted->any_finished();
    ask.known().statuses_tried(range, to_now, ask.now());
    co_return finding;
  }
  co_return finding;
}

std::vector<questions::planned> status_questions(questions& ask, core::window range) {
  std::vector<questions::planned> list;
  const auto statuses = last_to_first(ask.known());
  for (const int status : statuses) list.push_back({range, status});
  list.push_back({.range = range, .after_others = true});
  return list;
}

}  // namespace ordersync::sync::trials
