#pragma once
// The PostgreSQL that is measured: the tests' private cluster, but with PostgreSQL's own defaults: fsync on, commits
// that wait for the disk, autovacuum, 128 MiB of shared buffers.

#include "tests/support/postgres_cluster.hpp"

namespace ordersync::bench {

// What test_support::shared_cluster() gives, too, once this was called. From the main thread.
test_support::postgres_cluster& durable_cluster();

}  // namespace ordersync::bench
