// Three daemons share four accounts and one rate: through kills, a pause, an orderly stop and a restart of PostgreSQL
// nothing is lost, nothing is stored twice, no account is left alone, and the API never sees more than the rate.

#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <list>
#include <set>

namespace ordersync::e2e {
namespace {

using test_support::shared_cluster;

constexpr int accounts = 4;
constexpr int rate = 40;
constexpr int concurrency = 2;
// What all daemons together may send at once beside the rate: the burst, which is sync.concurrency, but one each.
constexpr int daemons_at_once = 3;
constexpr int burst = std::max(concurrency, daemons_at_once);
// However late requests arrive, those that have not arrived yet are in flight: of those three and of one that was
// killed.
constexpr int in_flight = (daemons_at_once + 1) * concurrency;
constexpr std::int64_t day_ms = 86'400'000;

std::int64_t now_ms() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

std::string at(std::int64_t epoch_ms) {
  return iso(std::chrono::system_clock::time_point{std::chrono::milliseconds{epoch_ms}});
}

class workers : public testing::Test {
 protected:
  workers() {
    on_.start_simulator(
        {"--seed",   "11",           "--orders",           "1500",         "--from",
         at(start_), "--to",         at(begun_),           "--oddities",   "0",
         "--live",   "10",           "--live-lag",         "2s",           "--mutate",
         "10",       "--rate-limit", std::to_string(rate), "--rate-burst", std::to_string(burst + in_flight)});
    const auto secret = on_.directory().write("access-secret", access_secret).string();
    std::string list;
    for (int i = 1; i <= accounts; ++i) {
      std::string users = fmt::format("\"220000000000{}\"", i);
      for (int rest = i + 1; i == accounts && rest <= 8; ++rest) users += fmt::format(", \"220000000000{}\"", rest);
      list += fmt::format(
          "  - {{name: shop{}, access_key: {}, access_secret_file: {}, user_id: \"2100007341207\", user_id_list: "
          "[{}]}}\n",
          i, access_key, secret, users);
    }
    on_.configure({.api = "  request_timeout: 2s\n",
                   .accounts = list,
                   .sync = fmt::format("  rate: {}\n  concurrency: {}\n"
                                       "  live: {{every: 1s, settle: 1s, overlap: 20s}}\n"
                                       "  revisit: [{{younger_than: 4d, every: 20s}}]\n",
                                       rate, concurrency),
                   .top = "log: {level: info}\n",
                   .start = at(start_)});
  }
  ~workers() override {
    if (!HasFailure()) return;
    for (const auto& each : daemons_) std::printf("--- process %d\n%s\n", each.pid(), each.err().c_str());
  }

  child_process& start() {
    auto& one = daemons_.emplace_back(on_.start({"run"}));
    EXPECT_TRUE(one.wait_for_stderr("daemon_started")) << one.err();
    return one;
  }
  // Of the daemon with this process id; accounts that it owns, as the database has it.
  std::string owned_by(const child_process& one) {
    return fmt::format(
        "(SELECT count(*) FROM ordersync.account_leases l JOIN ordersync.workers w ON w.instance = l.owner "
        "WHERE w.pid = {})",
        one.pid());
  }
  std::string pids(const std::set<pid_t>& of) { return fmt::format("{}", fmt::join(of, ",")); }
  // Each account has an owner among these processes, which has stored a window that was begun from now on.
  void all_go_on(const char* after, const std::set<pid_t>& owners) {
    const auto from = now_ms();
    on_.wait_until(fmt::format(
        "(SELECT count(*) = {} FROM ordersync.account_leases l JOIN ordersync.workers w ON w.instance = l.owner "
        "WHERE w.pid IN ({}) AND EXISTS (SELECT FROM ordersync.sweeps s WHERE s.account = l.account "
        "AND s.outcome = 'proven' AND s.started_at > to_timestamp({} / 1000.0) AND s.committed_at >= l.since))",
        accounts, pids(owners), from));
    std::printf("%-24s %5.1f s until all accounts went on\n", after, static_cast<double>(now_ms() - from) / 1000);
    std::fflush(stdout);
  }
  // Stops it by SIGTERM, and measures by the database's clock how long its accounts were without an owner.
  void hands_over(child_process& one) {
    const auto instance = on_.query(fmt::format("SELECT instance FROM ordersync.workers WHERE pid = {}", one.pid()));
    const auto held = on_.query(fmt::format(
        "SELECT string_agg(quote_literal(account), ',') FROM ordersync.account_leases WHERE owner = '{}'", instance));
    const auto asked = on_.query("SELECT clock_timestamp()");
    one.signal(SIGTERM);
    on_.wait_until(fmt::format(
        "(SELECT bool_and(owner <> '{}' AND since > released_at) FROM ordersync.account_leases WHERE account IN ({}))",
        instance, held));
    const auto seconds = [&](const char* from) {
      return std::stod(on_.query(
          fmt::format("SELECT extract(epoch FROM max(since - {})) FROM ordersync.account_leases WHERE account IN ({})",
                      from, held)));
    };
    const auto ownerless = seconds("released_at");
    const auto all = seconds(fmt::format("'{}'::timestamptz", asked).c_str());
    std::printf("%-24s %5.3f s without an owner, %5.3f s since SIGTERM (%s)\n", "handed over", ownerless, all,
                held.c_str());
    // Less than one on a machine that has nothing else to do.
    EXPECT_LT(ownerless, 10);
    EXPECT_LT(all, 20);
  }
  std::int64_t count(const char* what) {
    std::ifstream in{on_.download("/_stats")};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return boost::json::parse(text).at(what).to_number<std::int64_t>();
  }

  const std::int64_t begun_ = now_ms() / 1000 * 1000;
  const std::int64_t start_ = begun_ - 2 * day_ms;
  stage on_;
  std::list<child_process> daemons_;
};

TEST_F(workers, share_the_accounts_and_the_rate_through_kills_pauses_stops_and_a_restart_of_postgresql) {
  auto& a = start();
  ASSERT_TRUE(a.wait_for_stderr("account_taken ")) << a.err();
  on_.wait_until(fmt::format("{} = {}", owned_by(a), accounts));
  auto& b = start();
  auto& c = start();
  on_.wait_until(fmt::format("{} >= 1 AND {} >= 1 AND {} >= 1", owned_by(a), owned_by(b), owned_by(c)));
  all_go_on("two joined", {a.pid(), b.pid(), c.pid()});
  EXPECT_EQ(on_.query("SELECT sum(per_second) <= " + std::to_string(rate) + " FROM ordersync.rate_slices"), "t");

  a.signal(SIGKILL);
  ASSERT_TRUE(a.wait());
  all_go_on("the leader was killed", {b.pid(), c.pid()});

  auto& d = start();
  on_.wait_until(fmt::format("{} >= 1", owned_by(d)));
  b.signal(SIGSTOP);
  all_go_on("one was paused", {c.pid(), d.pid()});
  on_.wait_until(fmt::format("{} = 0", owned_by(b)));
  b.signal(SIGCONT);
  ASSERT_TRUE(b.wait_for_stderr("account_lost")) << b.err();
  on_.wait_until(fmt::format("{} >= 1", owned_by(b)));

  hands_over(c);
  all_go_on("one was stopped", {b.pid(), d.pid()});
  const auto ended = c.wait();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0) << c.err();
  EXPECT_EQ(on_.query(fmt::format("SELECT count(*) FROM ordersync.workers WHERE pid = {}", c.pid())), "0");

  shared_cluster().restart();
  all_go_on("PostgreSQL restarted", {b.pid(), d.pid()});

  on_.post("/_freeze", "");
  const auto frozen = now_ms() / 1000 * 1000 + 1000;
  on_.wait_until(
      fmt::format("(SELECT count(*) = {} FROM ordersync.coverage WHERE proven @> tstzrange("
                  "to_timestamp({} / 1000.0), to_timestamp({} / 1000.0)))",
                  accounts, start_, frozen));
  // What was changed before the freeze was read again since by the revisits.
  on_.wait_until(
      fmt::format("(SELECT count(*) = {} FROM ordersync.revisit_tiers WHERE oldest_read_at > "
                  "to_timestamp({} / 1000.0))",
                  accounts, frozen));
  for (auto* one : {&b, &d}) one->signal(SIGTERM);
  for (auto* one : {&b, &d}) {
    const auto status = one->wait();
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 0) << one->err();
  }
  EXPECT_EQ(differences_from_truth(on_), "");
  EXPECT_EQ(on_.query("SELECT count(*) FROM ordersync.account_leases WHERE owner IS NOT NULL"), "0");
  EXPECT_EQ(count("limited"), 0) << "the API saw more requests than sync.rate and one burst";
  for (const auto& one : daemons_) EXPECT_EQ(one.err().find(access_secret), std::string::npos);
}

TEST_F(workers, status_says_who_works_what_and_that_nobody_does) {
  auto& a = start();
  ASSERT_TRUE(a.wait_for_stderr("account_taken ")) << a.err();
  on_.wait_until(fmt::format("{} = {}", owned_by(a), accounts));
  auto& b = start();
  on_.wait_until(fmt::format("{} = {}", owned_by(b), accounts / 2));
  const auto both = on_.run({"status"});
  EXPECT_NE(both.out.find("worker "), std::string::npos) << both.out;
  EXPECT_NE(both.out.find(" works shop"), std::string::npos) << both.out;
  b.signal(SIGTERM);
  ASSERT_TRUE(b.wait());
  on_.wait_until(fmt::format("{} = {}", owned_by(a), accounts));
  a.signal(SIGTERM);
  ASSERT_TRUE(a.wait());
  on_.wait_until("(SELECT bool_and(since < clock_timestamp() - interval '2 s') FROM ordersync.account_leases)");
  const auto none = on_.run({"status"});
  EXPECT_NE(none.out.find("no owner"), std::string::npos) << none.out;
}

}  // namespace
}  // namespace ordersync::e2e
