// A private Citus cluster for the tests of one program: a coordinator and two workers, each a postgres_cluster, which
// reach each other by their unix sockets. For machines where the extension is installed.
#pragma once

#include "support/postgres_cluster.hpp"

#include <string>

namespace ordersync::test_support {

class citus_cluster {
 public:
  // Whether the PostgreSQL of the tests has the extension.
  static bool is_installed();

  citus_cluster();

  // An empty database of a new name on each node, with the extension, owned by `ordersync`; the workers know each
  // other.
  std::string create_database();
  // The same without the workers.
  std::string create_database_without_workers();

  postgres_cluster& coordinator() { return coordinator_; }
  postgres_cluster& first_worker() { return first_; }
  postgres_cluster& second_worker() { return second_; }

 private:
  postgres_cluster coordinator_, first_, second_;
};

// The one of this test program, started by the first call.
citus_cluster& shared_citus_cluster();

}  // namespace ordersync::test_support
