#include "support/citus_cluster.hpp"

#include <pqxx/pqxx>

namespace ordersync::test_support {
namespace {

// Few shards and connections: three servers share the machine with the tests.
constexpr const char* settings =
    "shared_preload_libraries = 'citus'\nmax_prepared_transactions = 200\ncitus.shard_count = 8\n"
    "citus.max_adaptive_executor_pool_size = 4\ncitus.enable_statistics_collection = off\n"
    "citus.recover_2pc_interval = 2s\n";

void exec(const std::string& url, const std::string& sql) {
  pqxx::connection connection{url};
  pqxx::nontransaction{connection}.exec(sql);
}

}  // namespace

bool citus_cluster::is_installed() {
  pqxx::connection connection{shared_cluster().superuser_url("postgres")};
  const auto found =
      pqxx::nontransaction{connection}.exec("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citus')");
  return found.at(0).at(0).as<bool>();
}

citus_cluster::citus_cluster() : coordinator_{settings}, first_{settings}, second_{settings} {}

std::string citus_cluster::create_database_without_workers() {
  std::string name;
  for (auto* node : {&coordinator_, &first_, &second_}) {
    name = node->create_database();
    exec(node->superuser_url(name), "CREATE EXTENSION citus");
  }
  const auto host = coordinator_.socket_directory().string();
  exec(coordinator_.superuser_url(name), "SELECT citus_set_coordinator_host('" + host + "', 5432)");
  return name;
}

std::string citus_cluster::create_database() {
  auto name = create_database_without_workers();
  for (auto* worker : {&first_, &second_}) {
    exec(coordinator_.superuser_url(name),
         "SELECT citus_add_node('" + worker->socket_directory().string() + "', 5432)");
  }
  return name;
}

citus_cluster& shared_citus_cluster() {
  static citus_cluster cluster;
  return cluster;
}

}  // namespace ordersync::test_support
