#include "bench/cluster.hpp"

#include "store/pg/connection.hpp"
#include "store/pg/stop_signal.hpp"

namespace ordersync::bench {

test_support::postgres_cluster& durable_cluster() {
  static auto& cluster = []() -> test_support::postgres_cluster& {
    auto& made = test_support::shared_cluster();
    {
      const store::pg::stop_signal never;
      store::pg::connection db{made.superuser_url("postgres"), "", never};
      for (const auto* setting : {"fsync", "full_page_writes", "autovacuum", "shared_buffers"})
        db.exec("undo the tests' settings", std::string{"ALTER SYSTEM RESET "} + setting);
    }
    made.restart();
    return made;
  }();
  return cluster;
}

}  // namespace ordersync::bench
