#include "store/coverage/make_trials.hpp"

#include "store/coverage/audit_table.hpp"
#include "store/coverage/known_orders.hpp"
#include "store/coverage/limits_table.hpp"
#include "store/coverage/proof.hpp"
#include "store/coverage/retraction.hpp"

#include <utility>

namespace ordersync::store::coverage {
namespace {

class postgres_trials final : public trials {
 public:
  postgres_trials(leadership::fenced_transactions& work, trials_context context)
      : work_(work), context_(std::move(context)) {}

  answer<std::vector<api_limit>> limits(std::string account) override {
    co_return co_await work_.read<std::vector<api_limit>>("reading limits",
                                                          [&](pg::connection& db) { return read_limits(db, account); });
  }

  answer<void> set_limit(std::string account, api_limit limit) override {
    co_return co_await work_.write<void>("writing a limit", account,
                                         [&](pg::connection& db) { write_limit(db, account, limit); });
  }

  answer<void> drop_limit(std::string account, std::string name) override {
    co_return co_await work_.write<void>("dropping a limit", account,
                                         [&](pg::connection& db) { store::coverage::drop_limit(db, account, name); });
  }

  answer<std::vector<known_order>> known_orders(std::string account, int count, std::uint64_t random) override {
    co_return co_await work_.read<std::vector<known_order>>(
        "reading known orders", [&](pg::connection& db) { return read_known_orders(db, account, count, random); });
  }

  answer<std::vector<core::window>> retract(std::string account, contradiction what) override {
    const auto scope = context_.scope(account);
    if (!scope) co_return core::make_error(core::failure::defect, "account " + account + " was not opened");
    std::int64_t id = 0;  // drawn by the first try
    co_return co_await work_.write<std::vector<core::window>>("retracting proof", account, [&](pg::connection& db) {
      lock_writers(db);
      require_scope(db, account, *scope);
      return store::coverage::retract(db, account, what, id);
    });
  }

  answer<void> count_audit(std::string account, audit_counts counts) override {
    earlier_try before;
    co_return co_await work_.write<void>("counting an audit", account,
                                         [&](pg::connection& db) { add_audit(db, account, counts, before); });
  }

  answer<std::int64_t> vanished_within(std::string account, core::window created, core::instant since) override {
    co_return co_await work_.read<std::int64_t>(
        "counting vanished orders", [&](pg::connection& db) { return count_vanished(db, account, created, since); });
  }

  answer<std::int64_t> held_within(std::string account, core::window created) override {
    co_return co_await work_.read<std::int64_t>("counting orders",
                                                [&](pg::connection& db) { return count_held(db, account, created); });
  }

 private:
  leadership::fenced_transactions& work_;
  const trials_context context_;
};

}  // namespace

std::unique_ptr<trials> make_trials(leadership::fenced_transactions& work, trials_context context) {
  return std::make_unique<postgres_trials>(work, std::move(context));
}

}  // namespace ordersync::store::coverage
