// A store's test that looks at schema reporting.
#pragma once

#include "store/store_fixture.hpp"

#include <filesystem>
#include <string>

namespace ordersync::reporting_test {

using store_test::at_ms;
using store_test::run;

std::filesystem::path source(const std::string& path);
std::string read_file(const std::filesystem::path& path);

class reporting_test : public store_test::store_test {
 protected:
  // As the superuser who took the role: like value() and table(), with the rights of that role alone.
  std::string value_as(const std::string& role, const std::string& sql);
  // The SQLSTATE that the statement fails with as that role; empty when it does not fail.
  std::string refused_as(const std::string& role, const std::string& sql);
  // Whole answer as text, a line a row.
  std::string lines(const std::string& sql);

  // A database whose schema ends with that step, without an open account.
  void start_at_migration(int version);
  // So many orders made by SQL, see orders.sql.
  void make_orders(int count);

  static store::reports::reporting_settings beijing();
};

}  // namespace ordersync::reporting_test
