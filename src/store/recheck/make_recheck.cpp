#include "store/recheck/make_recheck.hpp"

#include "store/recheck/check_table.hpp"
#include "store/recheck/open_orders.hpp"

namespace ordersync::store::recheck {
namespace {

class postgres_recheck final : public recheck {
 public:
  explicit postgres_recheck(leadership::fenced_transactions& work) : work_(work) {}

  answer<sync::recheck::status_counts> count(std::string account, core::window window,
                                             std::vector<int> statuses) override {
    co_return co_await work_.read<sync::recheck::status_counts>(
        "counting open orders", [&](pg::connection& db) { return count_open(db, account, window, statuses); });
  }

  answer<std::vector<sync::recheck::mirror_order>> open_orders(std::string account, core::window window,
                                                               std::vector<int> statuses) override {
    co_return co_await work_.read<std::vector<sync::recheck::mirror_order>>(
        "reading open orders", [&](pg::connection& db) { return read_open(db, account, window, statuses); });
  }

  answer<std::optional<core::second>> middle(std::string account, core::window window,
                                             std::vector<int> statuses) override {
    co_return co_await work_.read<std::optional<core::second>>(
        "cutting a window", [&](pg::connection& db) { return find_middle(db, account, window, statuses); });
  }

  answer<core::second> quiet_second(core::second near) override {
    co_return co_await work_.read<core::second>("reading creation times",
                                                [&](pg::connection& db) { return find_quiet_second(db, near); });
  }

  answer<void> write(check_report report) override {
    co_return co_await work_.write<void>("writing a check by counts", report.account,
                                         [&](pg::connection& db) { write_check(db, report); });
  }

 private:
  leadership::fenced_transactions& work_;
};

}  // namespace

std::unique_ptr<recheck> make_recheck(leadership::fenced_transactions& work) {
  return std::make_unique<postgres_recheck>(work);
}

}  // namespace ordersync::store::recheck
