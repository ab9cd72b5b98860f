// docs/dbt/sources.yml is what the catalogue says. TEST_WRITE_DOCS=1 in the environment writes it anew.
#include "reporting_fixture.hpp"

#include <yaml-cpp/yaml.h>

#include <cstdlib>
#include <fstream>

namespace ordersync::reporting_test {
namespace {

const std::string opening =
    "# Generated from the comments in the database; to change it, change the migrations and run\n"
    "# TEST_WRITE_DOCS=1 ctest --preset release -R '^reporting$'\n"
    "# The views of schema reporting as sources of a dbt project: copy this file into its models folder.\n"
    "version: 2\n"
    "sources:\n"
    "  - name: ordersync\n"
    "    schema: reporting\n"
    "    description: \"1688 orders, mirrored by ordersync: amounts in yuan, ids as text, no personal data\"\n"
    "    tables:\n";

// A text of JSON is one of YAML. What a view has one row of is known to be there, and is distinct where it is the key.
constexpr const char* tables = R"(
SELECT line FROM (
  SELECT c.relname, 0 AS place, format(E'      - name: %s\n        description: %s\n        columns:', c.relname,
           to_json(obj_description(c.oid, 'pg_class'))) AS line
  FROM pg_class c WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v'
  UNION ALL
  SELECT c.relname, a.attnum, format(E'          - name: %s\n            description: %s%s', a.attname, to_json(col_description(c.oid, a.attnum)),
           CASE WHEN (c.relname, a.attname) IN (('orders', 'order_id'), ('freshness', 'account'), ('change_numbers', 'change'))
                  THEN E'\n            tests: [not_null, unique]'
                WHEN a.attname IN ('account', 'order_id', 'version') THEN E'\n            tests: [not_null]' ELSE '' END)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v') t ORDER BY relname COLLATE "C", place)";

class dbt_sources : public reporting_test {};

TEST_F(dbt_sources, are_what_the_catalogue_says) {
  const auto page = opening + lines(tables);
  const auto path = source("docs/dbt/sources.yml");
  if (std::getenv("TEST_WRITE_DOCS") != nullptr) std::ofstream{path} << page;
  EXPECT_EQ(read_file(path), page) << "write it anew: TEST_WRITE_DOCS=1";
}

TEST_F(dbt_sources, are_yaml_with_every_view_and_column_described) {
  const auto read = YAML::LoadFile(source("docs/dbt/sources.yml"));
  const auto views = read["sources"][0]["tables"];
  EXPECT_EQ(std::to_string(views.size()),
            value("SELECT count(*) FROM pg_class WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'v'"));
  for (const auto& view : views) {
    EXPECT_FALSE(view["description"].as<std::string>().empty());
    for (const auto& column : view["columns"]) EXPECT_FALSE(column["description"].as<std::string>().empty());
  }
}

// What its tests claim.
TEST_F(dbt_sources, claim_nothing_that_is_not_so) {
  store_orders({ordersync::store_test::sample_order(1), ordersync::store_test::sample_order(2)});
  const auto read = YAML::LoadFile(source("docs/dbt/sources.yml"));
  for (const auto& view : read["sources"][0]["tables"]) {
    for (const auto& column : view["columns"]) {
      for (const auto& test : column["tests"]) {
        const auto name = column["name"].as<std::string>();
        const auto from = " FROM reporting." + view["name"].as<std::string>();
        const auto wrong = test.as<std::string>() == "unique"
                               ? "SELECT count(*) - count(DISTINCT " + name + ")" + from
                               : "SELECT count(*)" + from + " WHERE " + name + " IS NULL";
        EXPECT_EQ(value(wrong), "0") << wrong;
      }
    }
  }
}

}  // namespace
}  // namespace ordersync::reporting_test
