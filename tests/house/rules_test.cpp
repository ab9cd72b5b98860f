// The rules themselves, held against made-up trees: each is seen to bite, and to leave alone what is right.
#include "house/rules.hpp"

#include "house/source_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::house {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(arrows, that_run_the_right_way_are_left_alone) {
  EXPECT_THAT(breaches({{"core/order.hpp", "#include <vector>\n"},
                        {"sync/sweep.hpp", "#include \"core/order.hpp\"\n#include \"sync/ports.hpp\"\n"},
                        {"store/lane.cpp", "#include \"sync/ports.hpp\"\n#include <pqxx/pqxx>\npqxx::connection c;\n"},
                        {"app/clock.cpp", "#include \"store/lane.hpp\"\nauto t = std::chrono::system_clock::now();\n"},
                        {"cli/status.cpp", "#include \"app/wiring.hpp\"\n"},
                        {"main.cpp", "#include \"cli/cli.hpp\"\n"}}),
              IsEmpty());
}

TEST(arrows, that_run_the_wrong_way_are_reported_with_file_line_and_advice) {
  EXPECT_THAT(breaches({{"core/order.hpp", "#pragma once\n\n#include \"sync/sweep.hpp\"\n"}}),
              ElementsAre(AllOf(StartsWith("src/core/order.hpp:3: core includes \"sync/sweep.hpp\" against the arrows"),
                                HasSubstr("no other room"), HasSubstr("; move what is shared towards core"))));
}

TEST(arrows, of_every_forbidden_kind_are_found) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"sync", "store"},
                                                                                 {"sync", "pandapon"},
                                                                                 {"pandapon", "store"},
                                                                                 {"store", "pandapon"},
                                                                                 {"store", "config"},
                                                                                 {"config", "sync"},
                                                                                 {"service", "config"},
                                                                                 {"app", "cli"},
                                                                                 {"cli", "store"},
                                                                                 {"cli", "config"}}) {
    EXPECT_EQ(breaches({{from + "/a.cpp", "# include <" + to + "/b.hpp>\n"}}).size(), 1U) << from << " -> " << to;
  }
  EXPECT_EQ(breaches({{"main.cpp", "#include \"app/wiring.hpp\"\n"}}).size(), 1U);
}

TEST(arrows, cannot_hide_behind_a_path_of_another_kind) {
  EXPECT_THAT(breaches({{"sync/a.cpp", "#include \"../store/b.hpp\"\n#include \"c.hpp\"\n"}}),
              ElementsAre(HasSubstr("names no room"), HasSubstr("names no room")));
}

TEST(arrows, need_a_room_that_is_known) {
  EXPECT_THAT(breaches({{"cellar/a.cpp", ""}}), ElementsAre(HasSubstr("there is no room 'cellar'")));
}

TEST(arrows, inside_a_room_that_run_the_right_way_are_left_alone) {
  EXPECT_THAT(breaches({{"app/tasks/a.cpp", "#include \"app/tasks/b.hpp\"\n#include \"app/setup/c.hpp\"\n"},
                        {"app/daemon/a.cpp", "#include \"app/tasks/b.hpp\"\n#include \"store/store.hpp\"\n"},
                        {"app/http/a.cpp", "#include \"app/status/b.hpp\"\n#include \"app/daemon/c.hpp\"\n"},
                        {"app/serve.cpp", "#include \"app/serve.hpp\"\n#include \"app/http/b.hpp\"\n"},
                        {"cli/status.cpp", "#include \"app/status/b.hpp\"\n"}}),
              IsEmpty());
}

TEST(arrows, inside_a_room_that_run_the_wrong_way_are_found) {
  EXPECT_THAT(breaches({{"app/tasks/a.cpp", "#include \"app/daemon/b.hpp\"\n"}}),
              ElementsAre(AllOf(StartsWith("src/app/tasks/a.cpp:1: app/tasks includes \"app/daemon/b.hpp\" against"),
                                HasSubstr("it may use app/details, app/runtime, app/setup, app/telemetry"))));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"app/setup", "app/tasks"},
                                                                                 {"app/runtime", "app/setup"},
                                                                                 {"app/telemetry", "app/http"},
                                                                                 {"app/daemon", "app/status"},
                                                                                 {"app/status", "app/doctor"},
                                                                                 {"app/doctor", "app/http"},
                                                                                 {"app/http", "app"},
                                                                                 {"store/pg", "store/jobs"},
                                                                                 {"store/orders", "store/reports"},
                                                                                 {"store/pg", "store"},
                                                                                 {"pandapon/json", "pandapon/decode"},
                                                                                 {"pandapon/http", "pandapon/reply"},
                                                                                 {"sync/flow", "sync/sweep"},
                                                                                 {"sync", "sync/schedule"}}) {
    EXPECT_EQ(breaches({{from + "/a.cpp", "#include \"" + to + "/b.hpp\"\n"}}).size(), 1U) << from << " -> " << to;
  }
}

TEST(arrows, inside_a_room_need_an_inner_room_that_is_known) {
  EXPECT_THAT(breaches({{"app/cellar/a.cpp", ""}}), ElementsAre(HasSubstr("there is no room 'app/cellar'")));
}

TEST(words, out_of_their_room_are_found) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"sync/a.cpp", "pqxx::work w{c};"},
      {"app/a.cpp", "#include <pqxx/pqxx>"},
      {"store/a.cpp", "#include <libpq-fe.h>"},
      {"store/a.cpp", "PQfinish(c);"},
      {"cli/a.cpp", "run(\"SELECT count(*) FROM orders\");"},
      {"app/a.cpp", "auto sql = R\"(\n  INSERT INTO orders\n)\";"},
      {"pandapon/decode.cpp", "beast::flat_buffer b;"},
      {"app/a.cpp", "boost::asio::ssl::context c;"},
      {"core/a.cpp", "#include <boost/beast/http.hpp>"},
      {"app/a.cpp", "YAML::Node n;"},
      {"service/http_server.cpp", "prometheus::Registry r;"},
      {"app/a.cpp", "#include <prometheus/registry.h>"},
      {"store/a.cpp", "auto t = std::chrono::system_clock::now();"},
      {"sync/a.cpp", "auto t = std::time(nullptr);"},
      {"service/a.cpp", "gettimeofday(&t, nullptr);"},
      {"sync/a.cpp", "std::random_device d;"},
      {"pandapon/a.cpp", "int n = rand();"},
      {"pandapon/a.cpp", "RAND_bytes(p, 16);"},
      {"app/a.cpp", "asio::co_spawn(e, f(), asio::detached);"},
  };
  for (const auto& [path, text] : wrong) EXPECT_EQ(breaches({{path, text}}).size(), 1U) << path << ": " << text;
}

TEST(words, at_home_or_only_spoken_of_are_left_alone) {
  EXPECT_THAT(breaches({{"store/a.cpp", "w.exec(\"DELETE FROM orders\"); pqxx::work w;"},
                        {"store/pg/libpq.cpp", "#include <libpq-fe.h>\nPQfinish(c);"},
                        {"pandapon/http/https_client.cpp", "beast::flat_buffer b; ssl::context c;"},
                        {"config/a.cpp", "YAML::Node n;"},
                        {"service/metrics.cpp", "#include <prometheus/registry.h>\nprometheus::Registry r;"},
                        {"app/a.cpp", "std::random_device d; auto t = std::chrono::system_clock::now();"},
                        {"sync/a.cpp", "// pqxx::work is what store uses; never detached\n/* std::time(\n rand() */\n"},
                        {"sync/b.cpp", "log(\"the pqxx lane is detached\"); operand(1); clock.now();"}}),
              IsEmpty());
}

TEST(source_text, distinguishes_code_from_quotes_and_comments) {
  const auto lines = split_source("a = \"b\\\"c\"; // d\n1'000 + 'e' /* f\ng */ h R\"x(i\n)\")x\" j");
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].code, "a = \"    \";     ");
  EXPECT_EQ(lines[0].quoted, "     b\\\"c       ");
  EXPECT_EQ(lines[1].code, "1'000 + ' '     ");
  EXPECT_EQ(lines[2].written, "     h R\"x(i");
  EXPECT_EQ(lines[3].code, "  )x\" j");
}

}  // namespace
}  // namespace ordersync::house
