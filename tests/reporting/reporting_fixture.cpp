#include "reporting_fixture.hpp"

#include "store/migrations/apply_migrations.hpp"
#include "support/postgres_cluster.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ordersync::reporting_test {

std::filesystem::path source(const std::string& path) {
  return std::filesystem::path{ORDERSYNC_SOURCE_DIR} / path;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string reporting_test::value_as(const std::string& role, const std::string& sql) {
  execute("SET ROLE " + role);
  auto answer = value(sql);
  execute("RESET ROLE");
  return answer;
}

std::string reporting_test::refused_as(const std::string& role, const std::string& sql) {
  execute("BEGIN; SET LOCAL ROLE " + role);
  std::string state;
  try {
    execute(sql);
  } catch (const store::pg::sql_error& error) {
    state = error.sqlstate();
  }
  execute("ROLLBACK");
  return state;
}

std::string reporting_test::lines(const std::string& sql) {
  const auto r = superuser_->exec("look", sql);
  std::string all;
  for (int row = 0; row < r.size(); ++row) (all += r.text(row, 0)) += '\n';
  return all;
}

void reporting_test::start_at_migration(int version) {
  store_.reset();
  database_ = test_support::shared_cluster().create_database();
  superuser_ =
      std::make_unique<store::pg::connection>(test_support::shared_cluster().superuser_url(database_), "", never_);
  auto steps = store::migrations::migrations();
  steps.resize(static_cast<std::size_t>(version));
  store::pg::connection owner{settings_for().url, "", never_};
  for (bool more = true; more;) {
    owner.exec("begin", "BEGIN");
    more = store::migrations::apply_next_migration(owner, steps).has_value();
    owner.exec("commit", "COMMIT");
  }
  store_ = another_store();
}

void reporting_test::make_orders(int count) {
  auto script = read_file(source("tests/reporting/orders.sql"));
  for (auto at = script.find(":orders"); at != std::string::npos; at = script.find(":orders", at))
    script.replace(at, 7, std::to_string(count));
  execute(script + "; RESET session_replication_role");
}

store::reports::reporting_settings reporting_test::beijing() {
  return {std::chrono::hours{8}, ordersync::store_test::at(0), std::chrono::seconds{0}};
}

}  // namespace ordersync::reporting_test
