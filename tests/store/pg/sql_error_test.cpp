#include "store/pg/sql_error.hpp"

#include "store/store.hpp"

#include <gtest/gtest.h>

namespace ordersync::store::pg {
namespace {

TEST(sql_error, what_passes_by_itself_is_tried_again) {
  for (const auto* code :
       {"", "08006", "40001", "40P01", "53100", "53300", "55P03", "57014", "57P01", "57P03", "58030"}) {
    EXPECT_TRUE(is_transient(code)) << code;
  }
}

TEST(sql_error, what_somebody_must_put_right_is_not) {
  for (const auto* code : {"22021", "22P02", "23505", "28P01", "3D000", "42501", "42P01", "XX000"}) {
    EXPECT_FALSE(is_transient(code)) << code;
  }
}

TEST(sql_error, the_reason_names_the_state_and_what_to_do) {
  EXPECT_EQ(sql_error("write orders", "42P01").reason(), "SQLSTATE 42P01 (a table is missing; run ordersync migrate)");
  EXPECT_EQ(sql_error("write orders", "22021").reason(), "SQLSTATE 22021");
  EXPECT_EQ(sql_error("write orders", "").reason(), "connection lost");
  EXPECT_EQ(sql_error("connect", "", "no route to host").reason(), "no route to host");
}

TEST(check_url, takes_what_libpq_takes) {
  EXPECT_TRUE(check_url("postgresql://ordersync@/ordersync").has_value());
  EXPECT_TRUE(check_url("postgresql://u@a:1,b:2/d?target_session_attrs=read-write").has_value());
  EXPECT_TRUE(check_url("host=/run/postgresql dbname=ordersync").has_value());
}

TEST(check_url, refuses_passwords_and_nonsense_without_quoting_them) {
  for (const auto* url :
       {"postgresql://u:canary@h/d", "host=h password=canary", "postgresql://canary@h:1:2:3/%zz", "canary=1",
        "postgresql://u:p?canary=1@h/d", "postgresql://u@h/d?canary.1=1", "mysql://canary"}) {
    const auto checked = check_url(url);
    ASSERT_TRUE(checked.has_error()) << url;
    EXPECT_EQ(checked.error().kind, core::failure::input);
    EXPECT_EQ(checked.error().what.find("canary"), std::string::npos) << checked.error().what;
  }
}

}  // namespace
}  // namespace ordersync::store::pg
