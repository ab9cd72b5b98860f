#include "cli/text/quarantine_text.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::cli::text {
namespace {

using store::maintenance::acceptance;
using store::maintenance::quarantine_kind;
using store::maintenance::quarantined;
using ::testing::ElementsAre;

const core::instant noon{std::chrono::seconds{1'715'054'400}};
const moment_text moment = [](core::instant t) { return core::to_text(std::chrono::floor<std::chrono::seconds>(t)); };

quarantine_kind many() {
  return {.path = "lines[].skus",
          .reason = "is null",
          .open = 3,
          .orders = 2,
          .accounts = 1,
          .first_seen_at = noon,
          .last_seen_at = noon + std::chrono::hours{1},
          .example = 17};
}

TEST(kind_lines, say_what_how_many_since_when_and_which_is_the_newest) {
  EXPECT_THAT(kind_lines(many(), moment),
              ElementsAre("lines[].skus: is null",
                          "  3 values in 2 orders of 1 account, from 2024-05-07T04:00:00Z to 2024-05-07T05:00:00Z, "
                          "the newest is 17"));
}

TEST(kind_lines, say_who_accepted_the_kind_and_what_else_is_in_the_count) {
  auto kind = many();
  kind.accepted = 1;
  kind.resolved = 2;
  EXPECT_TRUE(kind_lines(kind, moment)[1].starts_with("  6 values (1 accepted by id, 2 resolved) in 2"))
      << kind_lines(kind, moment)[1];
  kind.kind_accepted = acceptance{"the vendor knows", "alice", noon};
  EXPECT_EQ(kind_lines(kind, moment).back(), "  accepted by alice at 2024-05-07T04:00:00Z: the vendor knows");
}

TEST(kind_lines, of_a_kind_without_a_value_say_so) {
  const quarantine_kind kind{.path = "a", .reason = "is null", .kind_accepted = acceptance{"known", "alice", noon}};
  EXPECT_THAT(kind_lines(kind, moment),
              ElementsAre("a: is null", "  no value now", "  accepted by alice at 2024-05-07T04:00:00Z: known"));
}

TEST(value_line, has_no_text_and_ends_with_what_became_of_it) {
  quarantined value{.id = 7,
                    .account = "main",
                    .order_id = 5,
                    .path = "receiver",
                    .reason = "is null",
                    .raw = "canary",
                    .last_seen_at = noon};
  EXPECT_EQ(value_line(value, moment), "7  2024-05-07T04:00:00Z  main  order 5  receiver: is null");
  value.kind_accepted = acceptance{"known", "alice", noon};
  EXPECT_TRUE(
      value_line(value, moment).ends_with("is null; its kind was accepted by alice at 2024-05-07T04:00:00Z: known"));
  value.resolved_at = noon;
  EXPECT_TRUE(value_line(value, moment).ends_with("is null; resolved 2024-05-07T04:00:00Z"));
  EXPECT_EQ(boost::json::serialize(value_json(value)).find("canary"), std::string::npos);
}

TEST(kind_json, has_who_accepted_it_and_why) {
  auto kind = many();
  EXPECT_TRUE(kind_json(kind).at("acceptance").is_null());
  kind.kind_accepted = acceptance{"known", "alice", noon};
  EXPECT_EQ(kind_json(kind).at("acceptance").at("by"), "alice");
  EXPECT_EQ(kind_json(kind).at("example"), "17");
}

}  // namespace
}  // namespace ordersync::cli::text
