#include "store/details/make_details.hpp"

#include "store/details/detail_queue.hpp"
#include "store/details/stored_details.hpp"
#include "store/details/write_detail.hpp"

#include <utility>

namespace ordersync::store::details {
namespace {

class postgres_details final : public details {
 public:
  postgres_details(leadership::fenced_transactions& work, std::function<std::optional<pg::detail_rules>()> rules)
      : work_(work), rules_(std::move(rules)) {}

  answer<std::vector<due_detail>> due(std::string account, std::size_t most) override {
    for (;;) {
      const auto found = co_await work_.read<due_details>(
          "reading which details are due", [&](pg::connection& db) { return read_due(db, account, most); });
      if (found.has_error()) co_return found.error();
      if (found->unnumbered.empty()) co_return found->list;
      const auto dropped = co_await work_.write<void>("dropping details without a number", account,
                                                      [&](pg::connection& db) { drop_unnumbered(db, *found); });
      if (dropped.has_error()) co_return dropped.error();
      if (!found->list.empty()) co_return found->list;
    }
  }

  answer<std::vector<std::string>> open_refunds(std::int64_t order_id) override {
    co_return co_await work_.read<std::vector<std::string>>(
        "reading open refunds", [&](pg::connection& db) { return read_open_refunds(db, order_id); });
  }

  answer<written> commit(std::string account, read_detail read) override {
    detail_write write(std::move(account), std::move(read), rules_());
    co_return co_await work_.write<written>("storing a detail", write.account,
                                            [&](pg::connection& db) { return write_detail(db, write); });
  }

  answer<void> put_off(std::string account, std::int64_t order_id, std::string reason) override {
    co_return co_await work_.write<void>("putting off a detail", account, [&](pg::connection& db) {
      store::details::put_off(db, account, order_id, reason);
    });
  }

  answer<void> put_behind(std::string account, std::int64_t order_id, std::string reason) override {
    co_return co_await work_.write<void>("putting a detail behind", account, [&](pg::connection& db) {
      store::details::put_behind(db, account, order_id, reason);
    });
  }

  answer<std::int64_t> queue(std::string account, core::window created) override {
    std::int64_t all = 0;
    queue_position from;
    while (!from.through) {
      queue_position reached;
      const auto added = co_await work_.write<std::int64_t>("queueing details", account, [&](pg::connection& db) {
        reached = from;
        return queue_piece(db, account, created, reached);
      });
      if (added.has_error()) co_return added.error();
      all += *added;
      from = reached;
    }
    co_return all;
  }

  answer<void> set_refused(std::string account, std::string reason) override {
    co_return co_await work_.write<void>("noting whether details are permitted", account,
                                         [&](pg::connection& db) { write_refusal(db, account, reason); });
  }

  answer<void> set_permitted(std::string account, bool refunds) override {
    co_return co_await work_.write<void>("noting that details are permitted", account,
                                         [&](pg::connection& db) { write_permission(db, account, refunds); });
  }

  answer<permissions> permitted(std::string account) override {
    co_return co_await work_.read<permissions>("reading whether details are permitted",
                                               [&](pg::connection& db) { return read_permissions(db, account); });
  }

  answer<void> try_refunds(std::string account, std::size_t most) override {
    co_return co_await work_.write<void>("trying refunds", account,
                                         [&](pg::connection& db) { store::details::try_refunds(db, account, most); });
  }

  answer<std::int64_t> requests_due(std::string account) override {
    co_return co_await work_.read<std::int64_t>("counting requests of details",
                                                [&](pg::connection& db) { return count_requests_due(db, account); });
  }

  answer<detail_figures> figures(std::string account) override {
    co_return co_await work_.read<detail_figures>("counting details",
                                                  [&](pg::connection& db) { return read_figures(db, account); });
  }

  answer<std::vector<stored_detail>> payloads(std::vector<std::int64_t> order_ids) override {
    co_return co_await work_.read<std::vector<stored_detail>>(
        "reading payloads of details", [&](pg::connection& db) { return read_stored(db, order_ids); });
  }

  answer<std::int64_t> rewrite(std::vector<redecoded_detail> list) override {
    std::vector<detail_write> work;
    work.reserve(list.size());
    for (auto& one : list) {
      work.emplace_back(std::move(one.account), std::move(one.read), std::nullopt);
      work.back().again = true;
    }
    co_return co_await work_.write<std::int64_t>("rewriting details",
                                                 [&](pg::connection& db) { return store::details::rewrite(db, work); });
  }

 private:
  leadership::fenced_transactions& work_;
  const std::function<std::optional<pg::detail_rules>()> rules_;
};

}  // namespace

std::unique_ptr<details> make_details(leadership::fenced_transactions& work,
                                      std::function<std::optional<pg::detail_rules>()> rules) {
  return std::make_unique<postgres_details>(work, std::move(rules));
}

}  // namespace ordersync::store::details
