#include "app/freshness/account_freshness.hpp"

namespace ordersync::app::freshness {

namespace {

count_checker::dependencies for_checks(const account_freshness::dependencies& around) {
  return {around.executor, around.from,  around.database,   around.turns,        around.log,
          around.source,   around.known, around.server_now, around.observed_now, around.proven};
}

push_reader::dependencies for_messages(const account_freshness::dependencies& around) {
  return {around.executor,
          around.from,
          around.observers,
          {around.database, around.turns, around.log, around.source, around.server_now,
           [&known = around.known] { return known.limits(); }}};
}

}  // namespace

account_freshness::account_freshness(const dependencies& around, std::size_t index)
    : checks_on_(around.from.settings.sync.recheck.share > 0),
      checker_(for_checks(around), index),
      messages_(for_messages(around), index) {
  if (around.details == nullptr) return;
  details_.emplace(detail_reader::dependencies{around.executor, around.from, around.database.details(), *around.details,
                                               around.turns, around.log, around.observers},
                   index);
}

boost::asio::awaitable<void> account_freshness::read_details() {
  if (details_) co_await details_->run();
}

void account_freshness::stop() noexcept {
  checker_.stop();
  messages_.stop();
  if (details_) details_->stop();
}

std::optional<store::recheck::check_report> account_freshness::checks() const {
  if (!checks_on_) return std::nullopt;
  return checker_.state();
}

}  // namespace ordersync::app::freshness
