#include "app/freshness/pushed_commits.hpp"

#include "app/tasks/looked_up.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace ordersync::app::freshness {

namespace asio = boost::asio;
using std::chrono::seconds;
using namespace std::chrono_literals;
using finding = looked_up_order::finding;

namespace {

using same_orders = std::vector<std::vector<look_up_job*>>;  // that were found to be the same order

constexpr const char* why_read = "looked up by its number, because a push message named it";
// Orders created further apart are stored apart: a read counts as having seen all of its range.
constexpr seconds stored_together = 60s;

finding finding_of(const sync::commit_summary& stored, std::int64_t id) {
  const auto& outdated = stored.outdated_ids;
  const bool which_is_known = std::ssize(outdated) == stored.outdated;
  if (stored.outdated > 0 && (!which_is_known || std::ranges::find(outdated, id) != outdated.end()))
    return finding::outdated;
  return stored.created + stored.changed > 0 ? finding::changed : finding::unchanged;
}

// What the database refuses for good is left to the order's window.
finding finding_of(const core::error& not_stored) {
  return core::is_transient(not_stored.kind) ? finding::not_asked : finding::not_shown;
}

void add(sync::window_batch& to, sync::window_batch one) {
  to.window = {std::min(to.window.begin, one.window.begin), std::max(to.window.end, one.window.end)};
  to.seen += one.seen;
  to.pages += one.pages;
  to.started_at = std::min(to.started_at, one.started_at);
  to.finished_at = std::max(to.finished_at, one.finished_at);
  to.orders.push_back(std::move(one.orders.front()));
}

asio::awaitable<core::result<void>> commit(store::database& database, const std::string& account,
                                           const same_orders& changed) {
  core::result<void> outcome;
  for (std::size_t i = 0; i < changed.size();) {
    const auto first = tasks::created_at_of(*changed[i].front()->shown);
    auto batch = tasks::looked_up(account, *changed[i].front()->shown, why_read);
    auto end = i + 1;
    for (; end < changed.size() && tasks::created_at_of(*changed[end].front()->shown) - first < stored_together; ++end)
      add(batch, tasks::looked_up(account, *changed[end].front()->shown, why_read));
    const auto stored = co_await database.commit(std::move(batch));
    if (stored.has_error()) outcome = stored.error();
    for (; i < end; ++i)
      for (auto* one : changed[i])
        one->result.what = stored.has_value() ? finding_of(*stored, one->shown->id) : finding_of(stored.error());
  }
  co_return outcome;
}

}  // namespace

asio::awaitable<core::result<void>> store_shown(store::database& database, const std::string& account,
                                                std::vector<look_up_job>& jobs) {
  std::map<std::int64_t, std::vector<look_up_job*>> shown;  // two numbers may mean one order
  for (auto& one : jobs) {
    if (one.shown) {
      one.result.id = one.shown->id;
      shown[one.shown->id].push_back(&one);
    } else if (one.answered) {
      one.result.what = finding::not_shown;
    }
  }
  same_orders changed;
  for (auto& [id, same] : shown) {
    // The latest reading first: a message that came between two readings is answered by the later one.
    std::ranges::reverse(same);
    std::ranges::stable_sort(same, std::greater{}, [](const look_up_job* one) { return one->shown->observed_at; });
    const auto& known = same.front()->known;
    if (known && known->content_hash == same.front()->shown->content_hash && !known->vanished)
      for (auto* one : same) one->result.what = finding::unchanged;
    else
      changed.push_back(std::move(same));
  }
  std::ranges::sort(changed, {}, [](const auto& same) { return tasks::created_at_of(*same.front()->shown); });
  co_return co_await commit(database, account, changed);
}

}  // namespace ordersync::app::freshness
