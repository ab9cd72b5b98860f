// A store that queues details, and details to put in.
#pragma once

#include "store/store_fixture.hpp"

#include <string>
#include <vector>

namespace ordersync::store_test {

// Every state, however old the order.
store::pg::detail_rules every_rule();

// Order 1 of sample_order(), sent in two parcels: every field filled, one payment, one refund "TQ1", whom it concerns.
// Its hash follows from its fields; call rehash after changing them.
core::order_detail sample_detail(int observed = 200);
void rehash(core::order_detail& detail);
core::refund_info sample_refund(const std::string& id = "TQ1", int observed = 200);
void rehash(core::refund_info& refund);

class details_test : public store_test {
 protected:
  void SetUp() override;
  // A store on the same database with these rules.
  void use(std::optional<store::pg::detail_rules> rules);

  store::details::details& details() { return store_->details(); }
  store::details::written commit_detail(core::order_detail detail, std::vector<core::refund_info> refunds = {},
                                        std::int64_t order_id = 1);
  // Order 1 in this status; others as it is.
  sync::commit_summary store_status(int status, int observed = 100, std::int64_t id = 1);
  // Ids of the orders in the queue, with "asked" after those that somebody asked for.
  std::string queued();
  std::string due(const std::string& account = "main", std::size_t most = 100);
  // As store_test::row_versions, of everything that a detail writes but the queue.
  std::string detail_versions();
};

}  // namespace ordersync::store_test
