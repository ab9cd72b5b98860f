// Cutting a script into statements.
#include "store/migrations/sql_statements.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::migrations::sql_statements;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(statements, end_at_semicolons_and_the_last_needs_none) {
  EXPECT_THAT(sql_statements("SELECT 1;SELECT 2;\nSELECT 3"), ElementsAre("SELECT 1", "SELECT 2", "\nSELECT 3"));
  EXPECT_THAT(sql_statements(""), IsEmpty());
  EXPECT_THAT(sql_statements(" ;; -- nothing; here\n/* nor; /* here; */ */ ;"), IsEmpty());
}

TEST(statements, keep_semicolons_of_texts_names_comments_and_parentheses) {
  EXPECT_THAT(sql_statements("SELECT ';', 'it''s;' -- a; comment\n, \"a;b\";SELECT 2"),
              ElementsAre("SELECT ';', 'it''s;' -- a; comment\n, \"a;b\"", "SELECT 2"));
  EXPECT_THAT(sql_statements("SELECT E'\\';', '\\';SELECT 2"), ElementsAre("SELECT E'\\';', '\\'", "SELECT 2"));
  EXPECT_THAT(sql_statements("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);SELECT 3"),
              ElementsAre("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"));
}

TEST(statements, keep_dollar_quoted_bodies_whole) {
  EXPECT_THAT(sql_statements("DO $$ BEGIN a; 'b; END $$;SELECT $1;SELECT $x$ ;$$; $x$"),
              ElementsAre("DO $$ BEGIN a; 'b; END $$", "SELECT $1", "SELECT $x$ ;$$; $x$"));
}

TEST(statements, keep_bodies_that_are_sql_whole) {
  EXPECT_THAT(sql_statements("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; "
                             "END;SELECT 3;BEGIN;END"),
              ElementsAre("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END",
                          "SELECT 3", "BEGIN", "END"));
}

}  // namespace
}  // namespace ordersync::store_test
