// Push messages from end to end: the simulator sends them as the vendor does, real daemons store them and read the
// orders that they name. Unless a test says otherwise, nothing else is read for an hour: messages made it current.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace ordersync::e2e {
namespace {

using ::testing::Test;
using arguments = std::vector<std::string>;

// A sanitizer keeps memory that was freed, and takes many times as long for a message.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_tells = false;
constexpr int flood_messages = 5'000;
constexpr int least_live_windows = 1;
#else
constexpr bool memory_tells = true;
constexpr int flood_messages = 30'000;
constexpr int least_live_windows = 5;
#endif

// The overlap leaves no gaps between live windows, which would be read at once.
const std::string by_messages_alone =
    "  rate: 1000\n  live: {every: 1h, settle: 1s, overlap: 2h}\n  revisit: []\n  recheck: {share: 0}\n  audit: 0\n";
const std::string by_counts_too =
    "  rate: 200\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  revisit: []\n"
    "  recheck: {younger_than: 3650d, every: 5s, share: 0.9}\n  audit: 0\n";
const std::string by_live_windows_too =
    "  rate: 200\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  revisit: []\n  recheck: {share: 0}\n  audit: 0\n";

const arguments until_acknowledged{"--push-retry", "2s", "--push-tries", "1000"};

const std::string complete =
    "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '10 min'))";
const std::string all_concluded =
    "NOT EXISTS (SELECT FROM ordersync.push_messages WHERE outcome IN ('waiting', 'taken'))";

// The simulator has to know it before the daemon listens. No two programs have the same, and no connection begins
// there.
std::string own_address() {
  const auto pid = static_cast<unsigned>(getpid());
  return fmt::format("127.{}.{}.{}:9189", 1 + (pid >> 16) % 200, (pid >> 8) % 256, pid % 256);
}

std::string whole(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The number after this name, in JSON or in /proc.
std::int64_t number_after(const std::string& name, const std::string& text) {
  const auto at = text.find(name);
  if (at == std::string::npos) throw std::runtime_error("there is no " + name + " in " + text);
  return std::stoll(text.substr(at + name.size()));
}

std::int64_t most_memory_kib(const child_process& of) {
  return number_after("VmHWM:", whole(fmt::format("/proc/{}/status", of.pid())));
}

struct push_delivery : Test {
  stage on;
  const std::string address = own_address();

  void configure(const std::string& sync, const std::string& listen) {
    on.configure({.sync = sync, .top = fmt::format("push: {{listen: \"{}\"}}\nlog: {{level: info}}\n", listen)});
  }
  // A daemon that listens for the simulator's messages, with everything mirrored.
  child_process mirror(const arguments& flags = until_acknowledged, const std::string& sync = by_messages_alone) {
    arguments all{"--seed",
                  "9",
                  "--orders",
                  "600",
                  "--from",
                  "2024-05-01",
                  "--to",
                  "2024-06-01",
                  "--open",
                  "30",
                  "--mutate-open",
                  "--push",
                  "http://" + address + "/push",
                  "--push-timeout",
                  "60s"};
    all.insert(all.end(), flags.begin(), flags.end());
    on.start_simulator(all);
    configure(sync, address);
    auto daemon = on.start({"run"});
    EXPECT_TRUE(daemon.wait_for_stderr("push_listening")) << daemon.err();
    EXPECT_TRUE(daemon.wait_for_stderr("leading ")) << daemon.err();
    on.wait_until(complete);
    return daemon;
  }
  // A counter of the simulator's.
  std::int64_t sent(const std::string& what) {
    return number_after(fmt::format("\"{}\":", what), whole(on.download("/_stats")));
  }
  void expect_all_to_be_sent() {
    EXPECT_TRUE(poll_until([&] { return sent("push_waiting") == 0; })) << whole(on.download("/_stats"));
  }
  void expect_to_catch_up(const child_process& daemon) {
    EXPECT_TRUE(poll_until([&] { return differences_from_truth(on).empty(); }))
        << differences_from_truth(on) << whole(on.download("/_stats")) << daemon.err();
  }
  std::int64_t count(const std::string& sql) { return std::stoll(on.query("SELECT " + sql)); }
  std::int64_t stored() { return count("count(*) FROM ordersync.push_messages"); }
  // What was answered with 200 is stored, once for each time that it was sent at most.
  void expect_all_that_was_acknowledged_to_be_stored() {
    EXPECT_GE(stored(), sent("push_acknowledged"));
    EXPECT_LE(stored(), sent("pushed") + sent("push_retried"));
  }
  // Everything that happened until now, happened five minutes ago: of the last two, `status` does not say yet what was
  // announced.
  void let_five_minutes_pass() {
    on.query(
        "UPDATE ordersync.order_history SET valid_from = valid_from - interval '5 min', "
        "valid_to = valid_to - interval '5 min'; "
        "UPDATE ordersync.orders SET _changed_at = _changed_at - interval '5 min'; "
        "UPDATE ordersync.push_messages SET received_at = received_at - interval '5 min', "
        "read_at = read_at - interval '5 min', changed_at = changed_at - interval '5 min'");
  }
};

// However the vendor's documentation is read.

struct push_spelling : push_delivery, ::testing::WithParamInterface<arguments> {};

TEST_P(push_spelling, brings_whatever_changes_into_the_mirror) {
  const auto daemon = mirror(GetParam());
  on.post("/_mutate?n=60", "");
  on.post("/_add?n=3", "");
  expect_to_catch_up(daemon);
  on.wait_until(all_concluded);
  EXPECT_GT(count("count(*) FROM ordersync.push_messages WHERE outcome = 'changed'"), 0);
  RecordProperty("p99_seconds",
                 on.query("SELECT extract(epoch FROM percentile_disc(0.99) WITHIN GROUP (ORDER BY changed_at - "
                          "received_at)) FROM ordersync.push_messages WHERE outcome = 'changed'"));
}

arguments spelling(const std::string& signature, const std::string& body, const std::string& number) {
  arguments flags{"--push-signature", signature, "--push-body", body, "--push-number", number};
  flags.insert(flags.end(), until_acknowledged.begin(), until_acknowledged.end());
  return flags;
}

INSTANTIATE_TEST_SUITE_P(
    readings, push_spelling,
    ::testing::Values(spelling("body-lower", "text", "1688"), spelling("body-upper", "object", "platform"),
                      spelling("message-lower", "object", "1688"), spelling("message-upper", "text", "platform"),
                      spelling("message-lower", "text", "platform"), spelling("message-upper", "object", "1688")));

// What goes wrong on the way.

TEST_F(push_delivery, counts_find_what_lost_and_wrongly_signed_messages_leave_out) {
  auto daemon = mirror({"--push-lose", "30", "--push-twice", "20", "--push-late", "20,2s", "--push-wrong", "10",
                        "--push-retry", "1s", "--push-tries", "1"},
                       by_counts_too);
  for (int i = 0; i < 3; ++i) on.post("/_mutate?n=50", "");
  expect_to_catch_up(daemon);
  expect_all_to_be_sent();
  EXPECT_GT(sent("push_lost_on_purpose"), 0);
  EXPECT_GT(sent("push_given_up"), 0);
  expect_all_that_was_acknowledged_to_be_stored();
  on.wait_until(fmt::format("(SELECT sum(count) FROM ordersync.push_refusals) = {}", sent("push_refused")));
  // Counts may have found a change before its message was read, which announced it all the same.
  on.wait_until(all_concluded);

  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait().value().code, 0) << daemon.err();
  let_five_minutes_pass();
  const auto status = on.run({"status", "--json"}).out;
  ASSERT_NE(status.find("\"signature\""), std::string::npos) << status;
  EXPECT_GE(number_after("\"day\":", status.substr(status.find("\"signature\""))), sent("push_given_up")) << status;
  EXPECT_GT(number_after("\"unannounced_changes\":", status), 0) << status;
  // Checks by counts have a number of that name, too.
  const auto of_push = status.substr(status.find("\"p99_seconds\""));
  EXPECT_LT(number_after("\"unannounced_changes\":", of_push), number_after("\"changes\":", of_push)) << status;
}

TEST_F(push_delivery, a_flood_is_stored_whole_and_costs_neither_memory_nor_writes_nor_live_windows) {
  const auto daemon = mirror(until_acknowledged, by_live_windows_too);
  on.post(fmt::format("/_push?n={}", flood_messages / 10), "");
  expect_all_to_be_sent();
  on.wait_until(all_concluded);
  const auto last = on.query("SELECT max(id) FROM ordersync.push_messages");
  const auto versions = on.query(row_versions);
  const auto memory = most_memory_kib(daemon);

  on.post(fmt::format("/_push?n={}", flood_messages), "");
  expect_all_to_be_sent();
  on.wait_until(all_concluded);
  EXPECT_EQ(sent("push_acknowledged"), flood_messages / 10 + flood_messages);
  expect_all_that_was_acknowledged_to_be_stored();
  EXPECT_EQ(on.query(row_versions), versions);
  if (memory_tells) {
    EXPECT_LE(most_memory_kib(daemon), memory + 40 * 1024);
  }
  const auto flood = "ordersync.push_messages WHERE id > " + last;
  const auto live_windows = count(
      "count(*) FROM ordersync.sweeps WHERE kind = 'live' AND outcome = 'proven' AND started_at > (SELECT "
      "min(received_at) FROM " +
      flood + ") AND finished_at < (SELECT max(received_at) FROM " + flood + ")");
  EXPECT_GE(live_windows, least_live_windows);
  RecordProperty("live_windows", std::to_string(live_windows));
  RecordProperty("seconds", on.query("SELECT extract(epoch FROM max(received_at) - min(received_at)) FROM " + flood));
  RecordProperty("memory_kib", fmt::format("{} before, {} after", memory, most_memory_kib(daemon)));
  RecordProperty("messages_stored", std::to_string(stored()));
  RecordProperty("refused", std::to_string(sent("push_refused")));
}

// What they need is away.

TEST_F(push_delivery, while_the_database_is_away_messages_are_put_off_and_none_is_lost) {
  const auto daemon = mirror();
  test_support::shared_cluster().stop_immediately();
  on.post("/_mutate?n=60", "");
  EXPECT_TRUE(poll_until([&] { return sent("push_refused") >= 60; })) << daemon.err();
  EXPECT_EQ(sent("push_acknowledged"), 0);
  test_support::shared_cluster().start();
  expect_all_to_be_sent();
  expect_to_catch_up(daemon);
  EXPECT_EQ(sent("push_unanswered"), 0);
  EXPECT_EQ(sent("push_acknowledged"), 60);
  expect_all_that_was_acknowledged_to_be_stored();
}

TEST_F(push_delivery, while_the_database_does_not_answer_messages_are_put_off_and_none_is_lost) {
  const auto daemon = mirror();
  child_process lock(
      {.argv = {test_support::postgres_cluster::program("psql").string(), "-X", "-d", on.superuser_url(), "-c",
                "BEGIN; LOCK TABLE ordersync.push_messages IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)"}});
  on.wait_until(
      "EXISTS (SELECT FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock' AND relation = "
      "'ordersync.push_messages'::regclass)");
  on.post("/_mutate?n=60", "");
  EXPECT_TRUE(poll_until([&] { return sent("push_refused") >= 60; })) << daemon.err();
  EXPECT_EQ(sent("push_acknowledged"), 0);
  on.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE%'");
  expect_all_to_be_sent();
  expect_to_catch_up(daemon);
  EXPECT_EQ(sent("push_unanswered"), 0);
  EXPECT_EQ(sent("push_acknowledged"), 60);
  expect_all_that_was_acknowledged_to_be_stored();
}

TEST_F(push_delivery, what_a_killed_leader_had_taken_is_finished_by_the_next) {
  auto first = mirror();
  configure(by_messages_alone, "127.0.0.1:0");
  auto second = on.start({"run"});
  ASSERT_TRUE(second.wait_for_stderr("standing_by")) << second.err();
  on.post("/_faults", "from 1 stall\n");
  on.post("/_mutate?n=60", "");
  expect_all_to_be_sent();
  on.wait_until("EXISTS (SELECT FROM ordersync.push_messages WHERE outcome = 'taken')");
  EXPECT_EQ(count("count(*) FROM ordersync.push_messages WHERE outcome IN ('waiting', 'taken')"), stored());
  first.signal(SIGKILL);
  on.post("/_faults", "");
  expect_to_catch_up(second);
  on.wait_until(all_concluded);
  EXPECT_EQ(sent("push_acknowledged"), 60);
  expect_all_that_was_acknowledged_to_be_stored();
}

}  // namespace
}  // namespace ordersync::e2e
