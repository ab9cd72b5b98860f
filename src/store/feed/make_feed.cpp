#include "store/feed/make_feed.hpp"

#include "store/feed/change_table.hpp"
#include "store/feed/export_statements.hpp"

#include <utility>

namespace ordersync::store::feed {
namespace {

class postgres_feed final : public feed {
 public:
  explicit postgres_feed(leadership::fenced_transactions& work) : work_(work) {}

  answer<bool> restricted() override {
    co_return co_await work_.read<bool>("looking at rights", [](pg::connection& db) { return is_restricted(db); });
  }

  answer<change_page> changes(std::int64_t after, std::int64_t at_most, std::optional<std::string> account) override {
    co_return co_await work_.read<change_page>(
        "reading changes", [&](pg::connection& db) { return read_changes(db, after, at_most, account); });
  }

  answer<std::int64_t> read(selection what, consumer into) override {
    co_return co_await work_.read<std::int64_t>("exporting",
                                                [&](pg::connection& db) { return read_rows(db, what, into); });
  }

  answer<std::int64_t> missing_details(selection what) override {
    co_return co_await work_.read<std::int64_t>("looking for details",
                                                [&](pg::connection& db) { return count_missing_details(db, what); });
  }

  answer<std::vector<core::window>> gaps(core::window range, std::optional<std::string> account) override {
    co_return co_await work_.read<std::vector<core::window>>(
        "reading gaps", [&](pg::connection& db) { return read_gaps(db, range, account); });
  }

 private:
  leadership::fenced_transactions& work_;
};

}  // namespace

std::unique_ptr<feed> make_feed(leadership::fenced_transactions& work) {
  return std::make_unique<postgres_feed>(work);
}

}  // namespace ordersync::store::feed
