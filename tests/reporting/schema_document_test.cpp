// docs/schema.md is what the catalogue says. TEST_WRITE_DOCS=1 in the environment writes it anew.
#include "reporting_fixture.hpp"

#include <cstdlib>
#include <fstream>

namespace ordersync::reporting_test {
namespace {

const std::string opening =
    "# The schema\n\n"
    "Generated from the comments in the database; to change it, change the migrations and run\n"
    "`TEST_WRITE_DOCS=1 ctest --preset release -R '^reporting$'`.\n\n"
    "Views for people and tools are in schema `reporting`, tables in schema `ordersync`. [reporting.md](reporting.md) "
    "introduces\n"
    "them; [queries.md](queries.md) answers thirty questions with SQL. Money is integer fen in tables and yuan in "
    "views; times are\n"
    "`timestamptz`; columns that are not the API's begin with `_`.\n\n";

// Keys and what refers to what; a table that nothing refers to stands alone.
constexpr const char* diagram = R"(
SELECT line FROM (
  SELECT 1 AS part, c.oid::regclass::text AS name, 0 AS place, format('  orders ||--o%s %s : "order_id"',
           CASE WHEN cardinality(k.conkey) = 1 THEN '|' ELSE '{' END, c.relname) AS line
  FROM ordersync.tables_of_orders() AS child JOIN pg_class c ON c.oid = child
  JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
  UNION ALL
  SELECT 2, c.oid::regclass::text, 0, format('  %s {', c.relname) FROM pg_class c
  WHERE c.relnamespace = 'ordersync'::regnamespace AND c.relkind = 'r'
  UNION ALL
  SELECT 2, c.oid::regclass::text, a.attnum, format('    %s %s%s', replace(format_type(a.atttypid, a.atttypmod), ' with time zone', 'tz'), a.attname,
           CASE WHEN a.attnum = ANY (k.conkey) THEN ' PK' ELSE '' END || CASE WHEN r.child IS NOT NULL THEN
             CASE WHEN a.attnum = ANY (k.conkey) THEN ',FK' ELSE ' FK' END ELSE '' END)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
  LEFT JOIN ordersync.tables_of_orders() AS r (child) ON r.child = c.oid AND a.attname = 'order_id'
  WHERE c.relnamespace = 'ordersync'::regnamespace AND c.relkind = 'r' AND (a.attnum = ANY (k.conkey) OR r.child IS NOT NULL)
  UNION ALL
  SELECT 2, c.oid::regclass::text, 2000, '  }' FROM pg_class c WHERE c.relnamespace = 'ordersync'::regnamespace AND c.relkind = 'r'
) t ORDER BY part, name COLLATE "C", place, line)";

// A section each for the tables or views of a schema.
std::string sections(const std::string& schema, const std::string& kinds) {
  const auto comment = [](const std::string& of) { return "replace(" + of + ", '|', '\\|')"; };
  return "SELECT line FROM ("
         "SELECT c.relname, -2 AS place, format(E'### %s.%s\\n\\n%s\\n\\n| column | type | key | what "
         "|\\n|---|---|---|---|', n.nspname, "
         "c.relname, " +
         comment("obj_description(c.oid, 'pg_class')") +
         ") AS line FROM pg_class c JOIN pg_namespace n ON n.oid = "
         "c.relnamespace WHERE n.nspname = '" +
         schema + "' AND c.relkind IN (" + kinds +
         ") "
         "UNION ALL SELECT c.relname, a.attnum, format('| `%s` | %s | %s | %s |', a.attname, format_type(a.atttypid, "
         "a.atttypmod), "
         "CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attnum = "
         "ANY (k.conkey)) "
         "THEN 'primary' ELSE '' END, " +
         comment("col_description(c.oid, a.attnum)") +
         ") FROM pg_class c JOIN pg_attribute a ON "
         "a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relnamespace = '" +
         schema +
         "'::regnamespace AND "
         "c.relkind IN (" +
         kinds +
         ") "
         "UNION ALL SELECT c.relname, 2000, format(E'\\nIndexes: %s.', string_agg('`' || "
         "regexp_replace(pg_get_indexdef(i.indexrelid), "
         "'^CREATE (UNIQUE )?INDEX (\\S+) ON \\S+ USING (.*)$', '\\2` \\1\\3'), '; ' ORDER BY "
         "i.indexrelid::regclass::text COLLATE \"C\")) "
         "FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.relnamespace = '" +
         schema +
         "'::regnamespace AND c.relkind "
         "IN (" +
         kinds +
         ") GROUP BY c.relname "
         "UNION ALL SELECT c.relname, 2001, '' FROM pg_class c WHERE c.relnamespace = '" +
         schema + "'::regnamespace AND c.relkind IN (" + kinds + ")) t ORDER BY relname COLLATE \"C\", place";
}

std::string functions(const std::string& schema) {
  return "SELECT format('| `%s.%s(%s)` | %s | %s |', n.nspname, p.proname, pg_get_function_arguments(p.oid), "
         "pg_get_function_result(p.oid), replace(obj_description(p.oid, 'pg_proc'), '|', '\\|')) FROM pg_proc p JOIN "
         "pg_namespace n "
         "ON n.oid = p.pronamespace WHERE n.nspname = '" +
         schema + "' ORDER BY p.proname COLLATE \"C\"";
}

class schema_document : public reporting_test {
 protected:
  std::string generated() {
    std::string page = opening;
    page += "```mermaid\nerDiagram\n" + lines(diagram) + "```\n\n";
    page += "## Views: schema reporting\n\n" + lines(sections("reporting", "'v'"));
    page += "| function | returns | what |\n|---|---|---|\n" + lines(functions("reporting")) + "\n";
    page += "## Tables: schema ordersync\n\n" + lines(sections("ordersync", "'r', 'v'"));
    page += "| function | returns | what |\n|---|---|---|\n" + lines(functions("ordersync"));
    return page;
  }
};

TEST_F(schema_document, is_what_the_catalogue_says) {
  const auto page = generated();
  const auto path = source("docs/schema.md");
  if (std::getenv("TEST_WRITE_DOCS") != nullptr) std::ofstream{path} << page;
  EXPECT_EQ(read_file(path), page) << "write it anew: TEST_WRITE_DOCS=1";
}

}  // namespace
}  // namespace ordersync::reporting_test
