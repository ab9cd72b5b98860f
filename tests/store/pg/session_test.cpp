// A session does not depend on what somebody set for the role, the database or the server.
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <fmt/format.h>

namespace ordersync::store_test {
namespace {

class odd_settings : public store_test {
 protected:
  void set_all() {
    for (const auto* setting :
         {"bytea_output = escape", "IntervalStyle = sql_standard", "DateStyle = 'SQL, DMY'",
          "TimeZone = 'Asia/Shanghai'", "extra_float_digits = -5", "standard_conforming_strings = off",
          "array_nulls = off", "transform_null_equals = on", "search_path = nowhere",
          "default_transaction_isolation = serializable", "default_transaction_read_only = on",
          "default_transaction_deferrable = on", "statement_timeout = '3s'", "lock_timeout = '1ms'",
          "idle_in_transaction_session_timeout = '4s'", "idle_session_timeout = '4s'", "synchronous_commit = off",
          "exit_on_error = on", "default_toast_compression = pglz"}) {
      execute(fmt::format("ALTER DATABASE {} SET {}", database_, setting));
    }
  }
  std::string shown(store::pg::session::purpose purpose) {
    store::pg::connection db{settings_for().url, "", never_, {purpose, "ordersync"}};
    return std::string{db.exec("look",
                               "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings "
                               "WHERE (source IN ('database', 'user', 'database user') OR name = 'synchronous_commit') "
                               // A server that was built without lz4 keeps its own way of compressing.
                               "AND NOT (name = 'default_toast_compression' AND 'lz4' <> ALL (enumvals))")
                           .text(0, 0)};
  }
};

TEST_F(odd_settings, an_order_is_stored_and_found_unchanged_under_any_of_them) {
  set_all();
  store_ = another_store();
  open("main");
  EXPECT_EQ(store_orders({sample_order(1), sample_order(2)}).created, 2);
  EXPECT_EQ(store_orders({sample_order(1), sample_order(2)}, 200).unchanged, 2);
  auto changed = sample_order(1);
  changed.order_status = 2;
  rehash(changed);
  EXPECT_EQ(store_orders({changed}, 300).changed, 1);
  const auto proven = run(store_->proven("main"));
  ASSERT_TRUE(proven.has_value()) << proven.error().what;
  EXPECT_EQ(*proven, (std::vector{span(0, 60)}));
}

TEST_F(odd_settings, none_of_them_is_left_in_a_session) {
  set_all();
  EXPECT_EQ(shown(store::pg::session::purpose::work), "synchronous_commit=on");
  EXPECT_EQ(shown(store::pg::session::purpose::command), "synchronous_commit=on");
  EXPECT_EQ(shown(store::pg::session::purpose::watch), "synchronous_commit=off");
}

TEST_F(odd_settings, how_many_servers_a_commit_waits_for_is_the_administrators) {
  execute(fmt::format("ALTER DATABASE {} SET synchronous_commit = remote_apply", database_));
  EXPECT_EQ(shown(store::pg::session::purpose::work), "synchronous_commit=remote_apply");
}

}  // namespace
}  // namespace ordersync::store_test
