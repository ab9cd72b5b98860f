// The daemon, as a process: it catches up, keeps up, leads or stands by, and does not die of what it needs going away.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <stop_token>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace ordersync::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::Test;

const std::string quick = "  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n";
// Everything between sync.start and a moment ago is proven.
const std::string complete =
    "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '20 s'))";

struct daemon : Test {
  stage on;

  void set_up(const std::string& sync = quick, const std::string& log = "log: {level: info}\n") {
    on.start_simulator({"--seed", "5", "--orders", "1500", "--from", "2024-05-01", "--to", "2024-06-01"});
    on.configure({.sync = sync, .top = log});
  }
  child_process start() { return on.start({"run"}); }
  // Waits for a live window that was begun from now on.
  void live_windows_again(const std::string& counts_from = "started_at") {
    on.wait_until("EXISTS (SELECT FROM ordersync.sweeps WHERE kind = 'live' AND outcome = 'proven' AND " + counts_from +
                  " > '" + on.query("SELECT now()") + "')");
  }
  int count(const child_process& of, std::string_view what) {
    int n = 0;
    const auto text = of.err();
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
  }
};

TEST_F(daemon, makes_the_schema_catches_up_and_keeps_up) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading ")) << process.err();
  on.wait_until(complete);
  EXPECT_EQ(differences_from_truth(on), "");
  on.wait_until("(SELECT count(*) FROM ordersync.sweeps WHERE kind = 'live' AND outcome = 'proven') >= 4");
  const auto status = on.run({"status"});
  EXPECT_NE(status.out.find("leads since"), std::string::npos) << status.out;
  EXPECT_EQ(count(process, " error "), 0) << process.err();
}

TEST_F(daemon, reads_the_newest_first) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.wait_until(complete);
  // Windows of the past were begun in the order of their ends, the latest first, chunk by chunk.
  EXPECT_EQ(on.query("SELECT upper(range) > now() - interval '2 h' FROM ordersync.sweeps ORDER BY id LIMIT 1"), "t");
}

// Whoever waited for the reply would still run when the test gives up.
TEST_F(daemon, ends_after_sigterm_although_a_reply_is_awaited) {
  on.start_simulator({"--orders", "50", "--from", "2024-05-01", "--to", "2024-06-01", "--latency", "300s"});
  on.configure({.api = "  request_timeout: 10m\n", .sync = quick, .top = "log: {level: info}\n"});
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("account_ready "));
  process.signal(SIGTERM);
  const auto ended = process.wait();
  ASSERT_TRUE(ended.has_value()) << process.err();
  EXPECT_EQ(ended->code, 0) << process.err();
}

TEST_F(daemon, ends_after_sigterm_and_after_a_second_one) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  process.signal(SIGTERM);
  const auto ended = process.wait(30s);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->code, 0) << process.err();
  EXPECT_NE(process.err().find("daemon_stopped"), std::string::npos);

  auto again = start();
  ASSERT_TRUE(again.wait_for_stderr("leading "));
  again.signal(SIGTERM);
  again.signal(SIGINT);
  EXPECT_TRUE(again.wait(30s).has_value());
}

// Jobs.

struct jobs : daemon {
  child_process lead(const std::string& sync = quick) {
    set_up(sync);
    on.migrate();
    EXPECT_NE(on.run({"sync"}).status.code, 5);
    auto process = start();
    EXPECT_TRUE(process.wait_for_stderr("leading "));
    return process;
  }
  std::vector<std::string> may(const std::string& how) {
    return {"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", how};
  }
};

TEST_F(jobs, a_backfill_that_is_waited_for_reports_how_it_ended) {
  auto process = lead();
  const auto waited = on.run(may("--wait"));
  EXPECT_EQ(waited.status.code, 6) << "as --foreground: there are values in quarantine. " << waited.err;
  EXPECT_NE(waited.out.find("done"), std::string::npos) << waited.out;
  EXPECT_EQ(on.query("SELECT state, orders, expected_orders, changed, isempty(tstzmultirange(tstzrange(begins, ends)) "
                     "- done),"
                     " requested_by ~ '@' FROM ordersync.backfill_jobs"),
            "done|1500|1500|0|t|t");
}

TEST_F(jobs, what_has_not_happened_yet_is_not_proven) {
  auto process = lead();
  for (const auto& [from, to] : {std::pair{"2024-05-01", "2999-01-01"}, std::pair{"2998-01-01", "2999-01-01"}}) {
    const auto waited = on.run({"backfill", "create", "--from", from, "--to", to, "--wait"});
    EXPECT_EQ(waited.status.code, 6) << waited.err;
    EXPECT_NE(waited.out.find("incomplete"), std::string::npos) << waited.out;
    EXPECT_NE(waited.out.find("the range ends in the future"), std::string::npos) << waited.out;
  }
}

TEST_F(jobs, plain_sql_does_the_same_and_an_unknown_account_is_reported) {
  auto process = lead();
  on.query(
      "INSERT INTO ordersync.backfill_jobs (account, from_time, to_time) VALUES"
      " ('main', '2024-05-03+08', '2024-05-04+08'), ('nobody', '2024-05-03+08', '2024-05-04+08')");
  on.wait_until("(SELECT count(*) FROM ordersync.backfill_jobs WHERE state IN ('done', 'failed')) = 2");
  EXPECT_NE(on.query("SELECT reason FROM ordersync.backfill_jobs WHERE account = 'nobody'")
                .find("account nobody is not in the configuration"),
            std::string::npos);
  EXPECT_EQ(on.run({"backfill", "show", "77"}).status.code, 2);
}

TEST_F(jobs, pause_resume_and_cancel_act_within_a_second_and_survive_a_restart) {
  // Slow enough to be caught at work: a window is one to three requests, of five a second.
  auto process = lead(
      "  rate: 10\n  max_window_orders: 50\n  live: {every: 1d, settle: 1s, overlap: 5s}\n"
      "  revisit: []\n");
  on.run(may("--json"));
  on.wait_until("EXISTS (SELECT FROM ordersync.backfill_jobs WHERE state = 'running' AND windows_proven > 0)");
  ASSERT_EQ(on.run({"backfill", "pause", "1"}).status.code, 0);
  // The leader has looked a second after that, and after whatever it still had in hand.
  on.wait_until(
      "(SELECT heartbeat_at FROM ordersync.leader) > (SELECT updated_at + interval '1 s' FROM "
      "ordersync.backfill_jobs)");
  const auto at_rest = on.query("SELECT state, calls, windows_proven FROM ordersync.backfill_jobs");
  EXPECT_TRUE(at_rest.starts_with("paused|"));
  process.signal(SIGKILL);
  auto next = start();
  ASSERT_TRUE(next.wait_for_stderr("leading "));
  on.wait_until("(SELECT heartbeat_at > since + interval '1 s' FROM ordersync.leader)");
  EXPECT_EQ(on.query("SELECT state, calls, windows_proven FROM ordersync.backfill_jobs"), at_rest);
  ASSERT_EQ(on.run({"backfill", "resume", "1"}).status.code, 0);
  on.wait_until("EXISTS (SELECT FROM ordersync.backfill_jobs WHERE state = 'running')");
  ASSERT_EQ(on.run({"backfill", "cancel", "1"}).status.code, 0);
  const auto refused = on.run({"backfill", "resume", "1"});
  EXPECT_EQ(refused.status.code, 2);
  EXPECT_NE(refused.err.find("cancelled"), std::string::npos) << refused.err;
  EXPECT_NE(on.run({"backfill", "list"}).out.find("cancelled"), std::string::npos);
}

TEST_F(jobs, goes_on_where_it_was_after_kill_9) {
  auto process = lead(
      "  rate: 30\n  max_window_orders: 50\n  live: {every: 1d, settle: 1s, overlap: 5s}\n"
      "  revisit: []\n");
  on.run(may("--json"));
  on.wait_until("EXISTS (SELECT FROM ordersync.backfill_jobs WHERE windows_proven > 12)");
  process.signal(SIGKILL);
  ASSERT_TRUE(process.wait());
  auto next = start();
  on.wait_until("EXISTS (SELECT FROM ordersync.backfill_jobs WHERE state = 'done')");
  // No window of the job was read twice, but for what was in hand.
  EXPECT_EQ(
      on.query("SELECT orders = 1500 AND (SELECT count(*) <= 4 FROM (SELECT range FROM ordersync.sweeps WHERE kind = "
               "'backfill' AND outcome = 'proven' GROUP BY range HAVING count(*) > 1) AS twice)"
               " FROM ordersync.backfill_jobs"),
      "t");
}

TEST_F(jobs, a_dry_run_says_what_it_would_cost_and_asks_for_nothing) {
  auto process = lead();
  const auto planned = on.run(may("--dry-run"));
  EXPECT_EQ(planned.status.code, 0) << planned.err;
  EXPECT_NE(planned.out.find("1500 orders"), std::string::npos) << planned.out;
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.backfill_jobs"), "0");
}

// Two daemons.

TEST_F(daemon, another_takes_over_when_the_leader_is_killed_and_when_it_is_stopped) {
  set_up();
  auto first = start();
  ASSERT_TRUE(first.wait_for_stderr("leading "));
  auto second = start();
  ASSERT_TRUE(second.wait_for_stderr("standing_by "));
  first.signal(SIGKILL);
  ASSERT_TRUE(second.wait_for_stderr(" leading ")) << second.err();
  auto third = start();
  ASSERT_TRUE(third.wait_for_stderr("standing_by "));
  second.signal(SIGSTOP);
  ASSERT_TRUE(third.wait_for_stderr(" leading ")) << third.err();
  second.signal(SIGCONT);
  ASSERT_TRUE(second.wait_for_stderr("not_leading "));
  ASSERT_TRUE(second.wait_for_stderr("standing_by "));
  on.wait_until(complete);
  EXPECT_EQ(differences_from_truth(on), "");
}

// It does not die.

TEST_F(daemon, waits_for_a_database_that_is_away_at_the_start) {
  set_up();
  test_support::shared_cluster().stop();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("database_trouble"));
  test_support::shared_cluster().start();
  ASSERT_TRUE(process.wait_for_stderr("leading ")) << process.err();
}

TEST_F(daemon, goes_on_after_the_database_was_away) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.wait_until(complete);
  test_support::shared_cluster().stop_immediately();
  ASSERT_TRUE(process.wait_for_stderr("looking who leads")) << process.err();
  test_support::shared_cluster().start();
  // Not before: a commit that was in hand is waited for.
  ASSERT_TRUE(process.wait_for_stderr("not_leading")) << process.err();
  live_windows_again();
}

// What a service manager receives from whoever is started while it is there.
class service_manager {
 public:
  explicit service_manager(const std::string& path, const std::string& watchdog_usec) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
    setenv("WATCHDOG_USEC", watchdog_usec.c_str(), 1);
    reader_ = std::jthread{[this](const std::stop_token& stop) { read(stop); }};
  }
  ~service_manager() {
    reader_.request_stop();
    reader_.join();
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    close(socket_);
  }
  service_manager(const service_manager&) = delete;
  service_manager& operator=(const service_manager&) = delete;

  // The next message that begins so; false when none came in time.
  bool receives(std::string_view what, std::chrono::milliseconds at_most) {
    const auto until = std::chrono::steady_clock::now() + at_most;
    std::unique_lock lock{mutex_};
    while (true) {
      for (; next_ < received_.size(); ++next_)
        if (received_[next_].starts_with(what)) return ++next_, true;
      if (came_.wait_until(lock, until) == std::cv_status::timeout) return false;
    }
  }

 private:
  // As a real one does: whoever sends waits where nobody reads.
  void read(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd ready{socket_, POLLIN, 0};
      if (poll(&ready, 1, 100) <= 0) continue;
      std::string text(4096, '\0');
      text.resize(static_cast<std::size_t>(std::max<ssize_t>(recv(socket_, text.data(), text.size(), 0), 0)));
      const std::lock_guard lock{mutex_};
      received_.push_back(std::move(text));
      came_.notify_all();
    }
  }

  int socket_ = -1;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> received_;
  std::size_t next_ = 0;
  std::jthread reader_;
};

TEST_F(daemon, shows_life_while_the_database_is_away_with_a_commit_in_hand_and_goes_on) {
  set_up();
  service_manager manager(on.file("notify").string(), "2000000");
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.wait_until(complete);
  const auto address = endpoint_of(process);
  child_process lock(
      {.argv = {test_support::postgres_cluster::program("psql").string(), "-X", "-d", on.superuser_url(), "-c",
                "BEGIN; LOCK TABLE ordersync.sweeps IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)"}});
  on.wait_until(
      "EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'ordersync/%' AND wait_event_type = 'Lock')");
  test_support::shared_cluster().stop_immediately();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(manager.receives("STATUS=waiting for the database", 25s)) << process.err();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(manager.receives("WATCHDOG=1", 25s)) << process.err();
  EXPECT_EQ(get(address, "/healthz").status, "200");
  EXPECT_EQ(count(process, "account_ended"), 0) << process.err();  // the commit is in hand still
  test_support::shared_cluster().start();
  live_windows_again();
  EXPECT_FALSE(process.wait(0ms));
  EXPECT_EQ(count(process, "not_leading"), 1) << process.err();
  EXPECT_EQ(count(process, "account_ended"), 1) << process.err();
  EXPECT_EQ(count(process, "account_ready"), 2) << process.err();
}

TEST_F(daemon, goes_on_after_the_api_was_away_and_says_little_meanwhile) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.wait_until(complete);
  on.stop_simulator();
  ASSERT_TRUE(process.wait_for_stderr("request_retry"));
  // The second line comes ten seconds after the first, and says how many there would have been.
  ASSERT_TRUE(process.wait_for_stderr("repeated=")) << process.err();
  EXPECT_LE(count(process, "request_retry"), 2) << process.err();
  on.restart_simulator();
  live_windows_again("finished_at");
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.sweeps WHERE outcome = 'failed'"), "0");
}

TEST_F(daemon, goes_on_after_its_sessions_were_ended_and_a_lock_was_held) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.wait_until(complete);
  on.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'ordersync/%'");
  // The lock is held until the daemon waits for it.
  on.query(
      "BEGIN; LOCK TABLE ordersync.coverage, ordersync.sweeps IN ACCESS EXCLUSIVE MODE; "
      "DO $$ BEGIN LOOP EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation IN "
      "('ordersync.coverage'::regclass, 'ordersync.sweeps'::regclass)); PERFORM pg_sleep(0.05); END LOOP; END $$; "
      "COMMIT");
  live_windows_again();
  EXPECT_EQ(count(process, " error "), 0) << process.err();
}

// Reloading.

TEST_F(daemon, reloads_what_is_good_and_keeps_the_old_when_it_is_bad) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.configure({.sync = "  rate: none\n"});
  process.signal(SIGHUP);
  ASSERT_TRUE(process.wait_for_stderr("reload_refused")) << process.err();
  EXPECT_NE(process.err().find("sync.rate"), std::string::npos) << process.err();
  on.configure({.sync = quick, .top = "log: {level: debug}\n"});
  process.signal(SIGHUP);
  ASSERT_TRUE(process.wait_for_stderr("reloaded keys=log.level"));
  ASSERT_TRUE(process.wait_for_stderr("window_stored"));
  on.wait_until(complete);
}

TEST_F(daemon, a_secret_that_changed_is_taken_up_by_a_reload) {
  set_up();
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.wait_until(complete);
  on.post("/_secret", "another-canary");
  ASSERT_TRUE(process.wait_for_stderr("refuses the credentials")) << process.err();
  on.configure({.sync = quick, .top = "log: {level: info}\n"});
  on.directory().write("access-secret", "another-canary");
  process.signal(SIGHUP);
  ASSERT_TRUE(process.wait_for_stderr("reloaded keys=nothing secrets=accounts[main].access_secret_file"));
  live_windows_again();
  EXPECT_EQ(process.err().find("canary"), std::string::npos);
}

// One account that is refused neither stops nor slows another.
TEST_F(daemon, accounts_do_not_suffer_from_each_other) {
  on.start_simulator({"--seed", "5", "--orders", "1500", "--from", "2024-05-01", "--to", "2024-06-01"});
  const auto wrong = on.directory().write("wrong", "not the secret");
  const auto right = on.directory().write("access-secret", access_secret);
  const auto account = [](const std::string& name, const std::string& secret) {
    return "  - {name: " + name + ", access_key: " + access_key + ", access_secret_file: " + secret +
           ", user_id: \"2100007341207\"}\n";
  };
  on.configure({.accounts = account("bad", wrong.string()) + account("good", right.string()),
                .sync = quick,
                .top = "log: {level: info}\n"});
  auto process = start();
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  on.wait_until(
      "EXISTS (SELECT FROM ordersync.coverage WHERE account = 'good' AND proven @> tstzrange('2024-05-01+08',"
      " now() - interval '20 s'))");
  EXPECT_EQ(differences_from_truth(on), "");
  EXPECT_EQ(on.query("SELECT proven FROM ordersync.coverage WHERE account = 'bad'"), "{}");
  EXPECT_LE(count(process, "request_retry account=bad"), 3) << process.err();
  EXPECT_EQ(on.run({"status"}).status.code, 6);
}

}  // namespace
}  // namespace ordersync::e2e
