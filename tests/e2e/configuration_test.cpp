// Where the configuration may come from, as an operator gives it, and what a supervisor asks.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::e2e {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Test;
using environment = std::vector<std::pair<std::string, std::string>>;

struct configurations : Test {
  stage on;

  void set_up() {
    on.start_simulator({"--orders", "50", "--from", "2024-05-01", "--to", "2024-06-01", "--oddities", "0"});
    on.configure();
  }
  finished_process run(std::vector<std::string> verb, environment env, std::vector<std::string> files = {}) {
    std::vector<std::string> argv{stage::ordersync().string()};
    for (const auto& file : files) argv.insert(argv.end(), {"--config", file});
    argv.insert(argv.end(), verb.begin(), verb.end());
    return test_support::run_process({.argv = argv, .env = std::move(env)});
  }
  std::string main_file() const { return on.file("ordersync.yaml").string(); }
  // What the stage's file says, as variables.
  environment variables() const {
    return {
        {"ORDERSYNC_API__BASE_URL", on.simulator_url()},
        {"ORDERSYNC_API__CA_FILE", on.certificates().ca_file().string()},
        {"ORDERSYNC_ACCOUNTS", fmt::format("[{{name: main, access_key: {}, access_secret_file: {}, user_id: \"7\"}}]",
                                           access_key, on.file("access-secret").string())},
        {"ORDERSYNC_DATABASE__URL", on.daemon_url()},
        {"ORDERSYNC_SYNC__START", "2024-05-01"},
        {"ORDERSYNC_SYNC__RATE", "10000"},
        {"ORDERSYNC_LOG__LEVEL", "warning"}};
  }
};

TEST_F(configurations, of_variables_alone_are_enough_for_a_mirror) {
  set_up();
  ASSERT_FALSE(std::filesystem::exists("/etc/ordersync/ordersync.yaml"));
  EXPECT_EQ(run({"migrate"}, variables()).status.code, 0);
  const auto done = run({"sync"}, variables());
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders"), "50");
}

TEST_F(configurations, that_are_missing_altogether_are_exit_code_2) {
  const auto done = run({"check"}, {});
  EXPECT_EQ(done.status.code, 2);
  EXPECT_THAT(done.err, HasSubstr("/etc/ordersync/ordersync.yaml: cannot be opened: No such file or directory"));
}

TEST_F(configurations, show_what_is_in_force_and_where_it_comes_from) {
  set_up();
  on.directory().write("more.yaml", "sync: {page_size: 20}\n");
  const auto shown =
      run({"check", "--show"}, {{"ORDERSYNC_SYNC__LIVE__EVERY", "3s"}}, {main_file(), on.file("more.yaml").string()});
  EXPECT_EQ(shown.status.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("sync.live.every: 3s  # environment variable ORDERSYNC_SYNC__LIVE__EVERY\n"),
                               HasSubstr("sync.page_size: 20  # " + on.file("more.yaml").string() + ":1\n"),
                               HasSubstr("sync.live.settle: 5s  # default\n"),
                               HasSubstr("accounts[0].name: main  # " + main_file())));
  EXPECT_THAT(shown.out, Not(HasSubstr(access_key)));
  EXPECT_THAT(run({"check", "--show", "--json"}, {}, {main_file()}).out,
              HasSubstr(R"({"key":"sync.page_size","value":"50","from":"default"})"));
}

TEST_F(configurations, may_come_from_standard_input) {
  set_up();
  const auto done = test_support::run_process(
      {.argv = {"sh", "-c", R"(cat "$1" | "$0" --config - check)", stage::ordersync().string(), main_file()}});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_EQ(done.out, "standard input: valid\n");
}

TEST_F(configurations, with_an_unknown_variable_are_exit_code_2) {
  set_up();
  const auto done = run({"check"}, {{"ORDERSYNC_SYNC__LIFE__EVERY", "3s"}}, {main_file()});
  EXPECT_EQ(done.status.code, 2);
  EXPECT_THAT(done.err, HasSubstr("environment variable ORDERSYNC_SYNC__LIFE__EVERY: unknown; did you mean "
                                  "ORDERSYNC_SYNC__LIVE__EVERY?"));
}

TEST_F(configurations, are_enough_to_ask_the_daemon_how_it_is) {
  set_up();
  on.configure({.top = "log: {level: info}\n"});
  on.migrate();
  auto daemon = on.start({"run"});
  const auto address = endpoint_of(daemon);
  const environment env{{"ORDERSYNC_SERVICE__LISTEN", address}};
  const auto alive = run({"health"}, env, {main_file()});
  EXPECT_EQ(alive.status.code, 0) << alive.out << alive.err;
  EXPECT_THAT(alive.out, HasSubstr("ok"));
  EXPECT_TRUE(poll_until([&] { return run({"health", "--ready"}, env, {main_file()}).status.code == 0; }));
  on.post("/_secret", "another-secret");
  EXPECT_TRUE(poll_until([&] { return run({"health", "--ready"}, env, {main_file()}).status.code == 1; }));
  EXPECT_EQ(run({"health"}, env, {main_file()}).status.code, 0);
  daemon.signal(SIGKILL);
  daemon.wait();
  const auto gone = run({"health"}, env, {main_file()});
  EXPECT_EQ(gone.status.code, 1);
  EXPECT_THAT(gone.out, EndsWith("/healthz: Connection refused\n"));
  EXPECT_EQ(run({"health"}, {{"ORDERSYNC_SERVICE__LISTEN", "nowhere"}}, {main_file()}).status.code, 1);
}

}  // namespace
}  // namespace ordersync::e2e
