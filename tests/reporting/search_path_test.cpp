// The functions of schema reporting mean the same whatever the search_path of who calls them puts before the server's
// own functions, operators, types and tables.
#include "reporting_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

namespace ordersync::reporting_test {
namespace {

using store_test::sample_order;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Namesakes of what the server has for the types that orders are made of: they answer NULL, nothing, or one character.
constexpr const char* namesakes = R"sql(
CREATE SCHEMA hostile;
DO $do$
DECLARE
  types CONSTANT oid[] := ARRAY['text', 'jsonb', 'timestamptz', 'timestamp', 'interval', 'date', 'numeric', 'int4', 'int8',
    'float8', 'bool', 'text[]', 'char', 'name']::regtype[]::oid[];
  o record;
BEGIN
  FOR o IN SELECT oid, oprname, nullif(oprleft, 0)::regtype AS l, oprright::regtype AS r, oprresult::regtype AS gives
           FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace
           AND oprright = ANY (types) AND (oprleft = 0 OR oprleft = ANY (types)) AND oprresult = ANY (types) LOOP
    EXECUTE format('CREATE FUNCTION hostile.operator_%s(%s) RETURNS %s LANGUAGE sql IMMUTABLE AS ''SELECT NULL::%s''',
                   o.oid, concat_ws(', ', o.l, o.r), o.gives, o.gives);
    EXECUTE format('CREATE OPERATOR hostile.%s (FUNCTION = hostile.operator_%s, %sRIGHTARG = %s)',
                   o.oprname, o.oid, 'LEFTARG = ' || o.l || ', ', o.r);
  END LOOP;
  FOR o IN SELECT oid, proname, prokind, proretset, prorettype::regtype AS gives,
             (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY place) FROM unnest(proargtypes) WITH ORDINALITY a(t, place)) AS takes
           FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind IN ('f', 'a') AND pronargs > 0
           AND proargtypes::oid[] <@ types AND prorettype = ANY (types) AND provariadic = 0 LOOP
    IF o.prokind = 'f' THEN
      EXECUTE format('CREATE FUNCTION hostile.%I(%s) RETURNS %s %s LANGUAGE sql IMMUTABLE AS ''SELECT NULL::%s%s''',
                     o.proname, o.takes, CASE WHEN o.proretset THEN 'SETOF' END, o.gives, o.gives,
                     CASE WHEN o.proretset THEN ' WHERE false' END);
    ELSE
      EXECUTE format('CREATE FUNCTION hostile.aggregate_%s(%s, %s) RETURNS %s LANGUAGE sql IMMUTABLE AS ''SELECT NULL::%s''',
                     o.oid, o.gives, o.takes, o.gives, o.gives);
      EXECUTE format('CREATE AGGREGATE hostile.%I(%s) (SFUNC = hostile.aggregate_%s, STYPE = %s)', o.proname, o.takes, o.oid, o.gives);
    END IF;
  END LOOP;
  FOR o IN SELECT DISTINCT ON (relname) relname, oid::regclass AS of FROM pg_class
           WHERE relnamespace IN ('reporting'::regnamespace, 'ordersync'::regnamespace) AND relkind IN ('r', 'v')
           ORDER BY relname, relnamespace = 'ordersync'::regnamespace LOOP
    EXECUTE format('CREATE VIEW hostile.%I AS SELECT * FROM %s WHERE false', o.relname, o.of);
  END LOOP;
END $do$;
CREATE FUNCTION hostile.concat_ws(text, VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT NULL::text';
CREATE FUNCTION hostile.concat(VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT NULL::text';
CREATE DOMAIN hostile.text AS varchar(1);
CREATE DOMAIN hostile.date AS varchar(1);
CREATE DOMAIN hostile.jsonb AS varchar(1))sql";

// By type what a function is called with, each value in turn.
const std::map<std::string, std::vector<std::string>> values_of{
    {"timestamp with time zone", {"2024-05-07 17:00:00+00", "2024-05-07 00:00:00+00"}},
    {"numeric", {"12345", "-250", "100000000000000"}},
    {"integer", {"1", "2", "6", "7", "9"}},
    {"bigint", {"0", "1"}},
    {"text", {"order_status", "total_amount_fen", "pay_status", "close_reason"}},
    {"jsonb",
     {R"([{"name": "colour", "value": "red"}, {"name": "size", "value": "XL"}, {"other": 1}])", "[]", R"("changed")",
      R"({"old": 1, "new": 2})", R"({"old": null, "new": "x"})", R"({"old": {"id": 1}, "new": null})"}}};

class search_path : public reporting_test {
 protected:
  void SetUp() override {
    reporting_test::SetUp();
    store_orders({sample_order(1), sample_order(2)});
    execute(namesakes);
  }

  // A statement that needs no search_path of its own, for every way to call every function of schema reporting.
  std::map<std::string, std::vector<std::string>> calls() {
    std::map<std::string, std::vector<std::string>> all;
    const auto functions = superuser_->exec(
        "look",
        "SELECT p.proname, (SELECT string_agg(format_type(t, NULL), ';' ORDER BY place) FROM unnest(p.proargtypes) "
        "WITH ORDINALITY a(t, place)) FROM pg_proc p WHERE p.pronamespace = 'reporting'::regnamespace");
    for (int row = 0; row < functions.size(); ++row) {
      auto& of_function = all[std::string{functions.text(row, 0)}];
      for (const auto& arguments : arguments_of(std::string{functions.text(row, 1)}))
        of_function.push_back("SELECT COALESCE(r::pg_catalog.text, 'NULL') FROM reporting." +
                              std::string{functions.text(row, 0)} + "(" + arguments + ") AS r");
    }
    return all;
  }
  // Every choice of values, as a list of arguments.
  static std::vector<std::string> arguments_of(const std::string& types) {
    if (types.empty()) return {""};
    const auto parted = types.find(';');
    const auto type = types.substr(0, parted);
    EXPECT_TRUE(values_of.contains(type)) << "give this test values of the type " << type;
    if (!values_of.contains(type)) return {};
    const auto rest =
        parted == std::string::npos ? std::vector<std::string>{""} : arguments_of(types.substr(parted + 1));
    // The others are words of the grammar, which no search_path changes.
    const auto* const schema = type == "text" || type == "jsonb" ? "pg_catalog." : "";
    std::vector<std::string> lists;
    for (const auto& value : values_of.at(type))
      for (const auto& others : rest)
        lists.push_back(fmt::format("CAST('{}' AS {}{}){}{}", value, schema, type, others.empty() ? "" : ", ", others));
    return lists;
  }

  std::string answer_under(const std::string& path, const std::string& call) {
    execute("SET search_path = " + path);
    auto answer = [&] {
      try {
        return lines(call);
      } catch (const store::pg::sql_error& error) {
        return error.sqlstate();
      }
    }();
    execute("RESET search_path");
    return answer;
  }
  // The functions that answer otherwise where namesakes come first.
  std::vector<std::string> deceived() {
    std::vector<std::string> names;
    for (const auto& [name, statements] : calls()) {
      const auto differs = [&](const std::string& call) {
        return answer_under("hostile, pg_catalog, reporting", call) != answer_under("pg_catalog, reporting", call);
      };
      if (std::ranges::any_of(statements, differs)) names.push_back(name);
    }
    return names;
  }
};

TEST_F(search_path, of_the_caller_deceives_no_function) {
  EXPECT_GE(calls().size(), 9U);
  EXPECT_EQ(calls().count("orders_at"), 1U);
  EXPECT_EQ(answer_under("pg_catalog", "SELECT count(*) FROM reporting.orders_at('2024-05-07 17:00:00+00')"), "2\n");
  EXPECT_THAT(deceived(), IsEmpty());
}

// That the test would see it.
TEST_F(search_path, deceives_functions_whose_bodies_are_parsed_when_they_are_called) {
  const auto make = [this](const std::string& head, const std::string& body) {
    execute("SET search_path = reporting, pg_catalog; CREATE FUNCTION reporting." + head +
            " LANGUAGE sql STABLE AS $$ " + body + " $$; RESET search_path");
  };
  make("by_aggregate(a jsonb) RETURNS text",
       "SELECT string_agg(e::pg_catalog.text, ';') FROM pg_catalog.jsonb_path_query(a, '$[*]') e");
  make("by_function(n numeric) RETURNS numeric", "SELECT round(n, 2)");
  make("by_operator(n numeric) RETURNS numeric", "SELECT n / 100");
  make("by_set(a jsonb) RETURNS SETOF pg_catalog.jsonb", "SELECT jsonb_array_elements(a)");
  make("by_table(at timestamptz) RETURNS SETOF bigint", "SELECT count(*) FROM order_versions");
  make("by_type(at timestamptz) RETURNS pg_catalog.text", "SELECT (at::date)::pg_catalog.text");
  make("by_variadic(a text) RETURNS text", "SELECT concat_ws(': ', a, a)");
  execute("CREATE FUNCTION reporting.safe(n numeric) RETURNS numeric LANGUAGE sql RETURN n / 100");
  EXPECT_THAT(deceived(), ElementsAre("by_aggregate", "by_function", "by_operator", "by_set", "by_table", "by_type",
                                      "by_variadic"));
}

}  // namespace
}  // namespace ordersync::reporting_test
