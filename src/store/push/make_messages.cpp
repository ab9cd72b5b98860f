#include "store/push/make_messages.hpp"

#include "store/push/figures.hpp"
#include "store/push/message_table.hpp"

#include <functional>
#include <utility>

namespace ordersync::store::push {
namespace {

class postgres_messages final : public messages {
 public:
  explicit postgres_messages(leadership::fenced_transactions& work) : work_(work) {}

  answer<void> insert(std::vector<new_message> list) override {
    co_return co_await work_.write<void>("storing push messages",
                                         [&](pg::connection& db) { insert_messages(db, list); });
  }

  answer<void> count_refusals(std::map<std::string, std::int64_t> by_reason) override {
    co_return co_await work_.write<void>("counting refused messages",
                                         [&](pg::connection& db) { add_refusals(db, by_reason); });
  }

  answer<void> requeue(std::string account, std::vector<std::int64_t> held) override {
    co_return co_await work_.write<void>("returning push messages", account,
                                         [&](pg::connection& db) { requeue_messages(db, account, held); });
  }

  answer<bool> any_waiting(std::string account) override {
    co_return co_await work_.read<bool>("looking for push messages",
                                        [&](pg::connection& db) { return any_message_waits(db, account); });
  }

  answer<std::vector<taken_message>> take(std::string account, int most) override {
    co_return co_await work_.write<std::vector<taken_message>>(
        "taking push messages", account, [&](pg::connection& db) { return take_messages(db, account, most); });
  }

  answer<void> hand_over(std::vector<std::int64_t> ids, std::string to_account) override {
    auto whose = account_of(ids);
    co_return co_await work_.write_for<void>("handing over push messages", std::move(whose),
                                             [&](pg::connection& db) { hand_over_messages(db, ids, to_account); });
  }

  answer<std::vector<known_order>> locate(std::string account, std::vector<order_numbers> list) override {
    co_return co_await work_.read<std::vector<known_order>>(
        "finding orders by number", [&](pg::connection& db) { return find_orders(db, account, list); });
  }

  answer<std::int64_t> conclude(std::vector<concluded_message> list) override {
    auto whose = account_of(list.empty() ? std::vector<std::int64_t>{} : std::vector{list.front().id});
    auto same = whose;
    const auto done = co_await work_.write_for<void>("concluding push messages", std::move(same),
                                                     [&](pg::connection& db) { conclude_messages(db, list); });
    if (done.has_error()) co_return done.error();
    co_return co_await in_pieces("answering further push messages", std::move(whose),
                                 [&](pg::connection& db) { return answer_further(db, list); });
  }

  answer<std::int64_t> expire(std::string account) override {
    std::function<std::string(pg::connection&)> whose = [account](pg::connection&) { return account; };
    const auto left = co_await in_pieces("leaving push messages", std::move(whose),
                                         [&](pg::connection& db) { return leave_messages(db, account); });
    if (left.has_error()) co_return left.error();
    co_return co_await work_.write<std::int64_t>("removing old push messages", account,
                                                 [&](pg::connection& db) { return expire_messages(db); });
  }

  answer<push_figures> figures(std::string account) override {
    co_return co_await work_.read<push_figures>("counting push messages",
                                                [&](pg::connection& db) { return read_figures(db, account); });
  }

  answer<std::map<std::string, refusal_figures>> refusals() override {
    co_return co_await work_.read<std::map<std::string, refusal_figures>>(
        "counting refused messages", [](pg::connection& db) { return read_refusals(db); });
  }

 private:
  // All of them are of one account.
  static std::function<std::string(pg::connection&)> account_of(const std::vector<std::int64_t>& ids) {
    return [id = ids.empty() ? 0 : ids.front()](pg::connection& db) { return read_account(db, id); };
  }
  // Until a piece changes nothing; how many rows all changed.
  answer<std::int64_t> in_pieces(const char* operation, std::function<std::string(pg::connection&)> whose,
                                 std::function<std::int64_t(pg::connection&)> piece) {
    std::int64_t all = 0;
    for (;;) {
      auto body = piece;
      auto account_of = whose;
      const auto changed = co_await work_.write_for<std::int64_t>(operation, std::move(account_of), std::move(body));
      if (changed.has_error()) co_return changed.error();
      if (*changed == 0) co_return all;
      all += *changed;
    }
  }

  leadership::fenced_transactions& work_;
};

}  // namespace

std::unique_ptr<messages> make_messages(leadership::fenced_transactions& work) {
  return std::make_unique<postgres_messages>(work);
}

}  // namespace ordersync::store::push
