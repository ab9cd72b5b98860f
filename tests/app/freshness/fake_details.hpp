// A queue of details in memory, and an API that answers as it is told.
//
// One I/O thread.
#pragma once

#include "store/details/details.hpp"
#include "sync/detail_source.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::app::testing {

class listed_details final : public store::details::details {
 public:
  using due_detail = store::details::due_detail;
  using written = store::details::written;

  std::deque<due_detail> waiting;
  std::vector<store::details::read_detail> stored;
  std::map<std::int64_t, std::string> put_off_for;        // by order
  bool never_later = false;                               // what is put off stays due, behind the others
  bool refused = false;                                   // as stored
  store::details::permissions known;                      // what was seen before
  std::vector<std::size_t> tried;                         // how many were to be tried for their refunds
  std::vector<std::string> refusals, set_permissions;     // as they were set, one after the other
  std::map<std::int64_t, core::result<written>> answers;  // to commits; others are created
  std::function<void()> asked = [] {};

  void add(std::int64_t id) { waiting.push_back({id, std::to_string(1'000'000 + id), 0}); }

  answer<std::vector<due_detail>> due(std::string /*account*/, std::size_t most) override {
    asked();
    co_return std::vector<due_detail>(waiting.begin(),
                                      waiting.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting.size())));
  }
  answer<std::vector<std::string>> open_refunds(std::int64_t /*order_id*/) override {
    co_return std::vector<std::string>{};
  }
  answer<written> commit(std::string /*account*/, store::details::read_detail read) override {
    const auto id = read.order_id;
    const auto at = answers.find(id);
    if (at != answers.end() && at->second.has_error()) co_return at->second.error();
    stored.push_back(std::move(read));
    const auto what = at == answers.end() ? written::created : *at->second;
    if (what != written::outdated) erase(id);
    co_return what;
  }
  answer<void> put_off(std::string /*account*/, std::int64_t order_id, std::string reason) override {
    if (never_later)
      move_behind(order_id);
    else
      erase(order_id);
    put_off_for[order_id] = std::move(reason);
    co_return core::result<void>{};
  }
  answer<void> put_behind(std::string /*account*/, std::int64_t order_id, std::string /*reason*/) override {
    move_behind(order_id);
    co_return core::result<void>{};
  }
  answer<std::int64_t> queue(std::string /*account*/, core::window /*created*/) override { co_return 0; }
  answer<void> set_refused(std::string /*account*/, std::string reason) override {
    refusals.push_back(std::move(reason));
    refused = true;
    co_return core::result<void>{};
  }
  answer<void> set_permitted(std::string /*account*/, bool refunds) override {
    set_permissions.push_back(refunds ? "with refunds" : "details");
    refused = false;
    co_return core::result<void>{};
  }
  answer<store::details::permissions> permitted(std::string /*account*/) override { co_return known; }
  answer<void> try_refunds(std::string /*account*/, std::size_t most) override {
    tried.push_back(most);
    co_return core::result<void>{};
  }
  answer<std::int64_t> requests_due(std::string /*account*/) override {
    co_return static_cast<std::int64_t>(waiting.size());
  }
  answer<store::details::detail_figures> figures(std::string /*account*/) override {
    store::details::detail_figures figures;
    if (refused) figures.refused_at.emplace();
    co_return figures;
  }
  answer<std::vector<store::details::stored_detail>> payloads(std::vector<std::int64_t> /*order_ids*/) override {
    co_return std::vector<store::details::stored_detail>{};
  }
  answer<std::int64_t> rewrite(std::vector<store::details::redecoded_detail> /*list*/) override { co_return 0; }

 private:
  void move_behind(std::int64_t id) {
    const auto at = std::ranges::find(waiting, id, &due_detail::order_id);
    if (at != waiting.end()) std::rotate(at, at + 1, waiting.end());
  }
  void erase(std::int64_t id) {
    std::erase_if(waiting, [&](const due_detail& each) { return each.order_id == id; });
  }
};

// Knows the detail of each order; refunds as they are told.
class told_details final : public sync::detail_source {
 public:
  std::map<std::string, std::vector<std::string>> refunds;    // by the order's number
  std::map<std::string, core::error, std::less<>> failing;    // by number or refund
  std::optional<core::error> detail_failure, refund_failure;  // of all
  std::vector<std::string> asked;                             // numbers and refunds
  bool closed = false;

  boost::asio::awaitable<core::result<core::order_detail>> read_detail(std::string number,
                                                                       std::chrono::steady_clock::time_point,
                                                                       std::function<void()> received) override {
    asked.push_back(number);
    received();
    if (const auto failure = failure_of(number, detail_failure)) co_return *failure;
    core::order_detail detail;
    detail.tb_order_id = number;
    for (const auto& id : refunds[number]) detail.refunds.push_back({id, {}, {}, {}, {}});
    co_return detail;
  }
  boost::asio::awaitable<core::result<core::refund_info>> read_refund(std::string id,
                                                                      std::chrono::steady_clock::time_point,
                                                                      std::function<void()> received) override {
    asked.push_back(id);
    received();
    if (const auto failure = failure_of(id, refund_failure)) co_return *failure;
    core::refund_info info;
    info.id = id;
    co_return info;
  }
  void close() noexcept override { closed = true; }

 private:
  std::optional<core::error> failure_of(const std::string& id, const std::optional<core::error>& all) const {
    const auto at = failing.find(id);
    return at == failing.end() ? all : at->second;
  }
};

}  // namespace ordersync::app::testing
