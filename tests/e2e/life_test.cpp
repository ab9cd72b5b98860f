// A long life of the mirror, compressed: orders keep coming and changing, the API errs, PostgreSQL restarts, the leader
// is killed, PostgreSQL fails over to a replica that lacks the last commits. In the end the mirror equals the truth and
// every second is proven. Takes about two minutes, because revisits need time to come round.
//
// How late changes were seen is printed and not asserted beyond the gross: the machine that runs this may be slow.

#include "e2e/life_freshness.hpp"
#include "e2e/life_processes.hpp"
#include "e2e/truth.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace ordersync::e2e {
namespace {

using test_support::shared_cluster;

constexpr std::int64_t day_ms = 86'400'000;

// At given requests while history is read, and now and then for as long as there are any.
constexpr const char* faults = R"(
at 5-7 status 500
at 12 code 50001 system busy
at 20 cut 300
at 27 stall
at 33 close
at 40 total +1
at 46-47 status 503 retry-after 1
at 52 cut-clean 2000
at 58 stall-body 500
at 61 reset
every 127 status 500
every 151 code 50001 system busy
every 173 cut 400
every 179 total -1
every 197 close
every 211 mutate 1
every 223 add 1
every 1009 stall
)";

// Live overlaps 20 s. What is older is read again by the tiers; the last one goes beyond everything there is.
constexpr const char* pace =
    "  rate: 200\n"
    "  live: {every: 1s, settle: 1s, overlap: 20s}\n"
    "  revisit:\n"
    "    - {younger_than: 1m, every: 2s}\n"
    "    - {younger_than: 2m, every: 5s}\n"
    "    - {younger_than: 4d, every: 15s}\n";
const std::vector<age_row> ages{
    {"below 20s, live", 20, 1}, {"20s to 1m", 60, 2}, {"1m to 2m", 120, 5}, {"2m to 4d", 4 * 86'400, 15}};

std::string at(std::int64_t epoch_ms) {
  return iso(std::chrono::system_clock::time_point{std::chrono::milliseconds{epoch_ms}});
}

class life : public testing::Test {
 protected:
  life() {
    const auto plan = on_.directory().write("faults", faults);
    on_.start_simulator({"--seed", "5", "--orders", "2000", "--from", at(start_), "--to", at(begun_), "--live", "20",
                         "--live-lag", "2s", "--mutate", "20", "--faults", plan.string()});
    on_.configure({.api = "  request_timeout: 2s\n", .sync = pace, .top = "log: {level: info}\n", .start = at(start_)});
    processes_.start_daemon();
    processes_.start_daemon();
  }
  ~life() override {
    if (HasFailure()) std::printf("%s\n", processes_.logs().c_str());
  }

  // How often the simulator counted this.
  std::int64_t count(const char* what) {
    std::ifstream in{on_.download("/_stats")};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return boost::json::parse(text).at(what).to_number<std::int64_t>();
  }
  // Life goes on for as long as it takes to create so many orders: 20 a second.
  void let_orders_come(std::int64_t n) {
    const auto until = count("added") + n;
    processes_.await("orders are created", [&] { return count("added") >= until; });
  }
  std::string proven_until(std::int64_t end_ms) const {
    return fmt::format("(select proven @> tstzrange({}, {}) from ordersync.coverage)", sql_time(start_),
                       sql_time(end_ms));
  }
  // A window that was asked for after that moment is stored.
  void await_work_after(std::int64_t moment_ms) {
    processes_.await("exists (select from ordersync.sweeps where started_at > " + sql_time(moment_ms) + ")");
  }
  void write_down(const std::string& what, std::int64_t from_ms) {
    outages_.push_back({what, from_ms, now_ms()});
    std::printf("%-28s %5.1f s until the mirror went on\n", what.c_str(),
                static_cast<double>(outages_.back().to_ms - from_ms) / 1000);
    std::fflush(stdout);
  }

  void restart_postgresql();
  void lose_the_leader();
  void fail_over();
  std::int64_t freeze();
  bool all_read_since(std::int64_t moment_ms);

  const std::int64_t begun_ = now_ms() / 1000 * 1000;
  const std::int64_t start_ = begun_ - 3 * day_ms;
  stage on_;
  life_processes processes_{on_};
  std::vector<outage> outages_;
};

void life::restart_postgresql() {
  const auto from = now_ms();
  shared_cluster().restart();
  await_work_after(now_ms());
  write_down("PostgreSQL restarted", from);
}

void life::lose_the_leader() {
  const auto epoch = processes_.ask("select epoch from ordersync.leader");
  const auto from = now_ms();
  processes_.kill_leader();
  const auto killed = now_ms();
  processes_.start_daemon();
  processes_.await("(select epoch > " + epoch + " from ordersync.leader)");
  await_work_after(killed);
  write_down("leader killed", from);
}

void life::fail_over() {
  processes_.await("(select count(*) = 1 from pg_stat_replication where state = 'streaming')");
  const std::string last_sweep = "select max(id) from ordersync.sweeps";
  processes_.replica().cut_off();
  const auto known = std::stoll(processes_.ask_replica(last_sweep));
  processes_.await(fmt::format("({}) >= {}", last_sweep, known + 10));
  const auto from = now_ms();
  const auto lost = std::stoll(processes_.ask(last_sweep)) - known;
  shared_cluster().stop_immediately();
  processes_.replica().promote();
  await_work_after(now_ms());
  write_down(fmt::format("failover, {} windows lost", lost), from);
}

// When nothing changes any more, nor errs.
std::int64_t life::freeze() {
  on_.post("/_faults", "# none\n");
  on_.post("/_freeze", "");
  return now_ms() / 1000 * 1000 + 1000;
}

// By the daemon's own account.
bool life::all_read_since(std::int64_t moment_ms) {
  const auto status = boost::json::parse(on_.run({"status", "--json"}).out);
  const auto& tiers = status.at("accounts").at(0).at("revisits").as_array();
  if (tiers.size() != 3) return false;
  for (const auto& tier : tiers) {
    const auto& oldest = tier.at("oldest_read_at");
    if (!oldest.is_string()) return false;
    if (!processes_.holds(fmt::format("'{}'::timestamptz >= {}", oldest.as_string().c_str(), sql_time(moment_ms))))
      return false;
  }
  return true;
}

TEST_F(life, with_all_its_mishaps_ends_equal_to_the_truth_with_every_second_proven) {
  processes_.await(proven_until(begun_));
  processes_.await("all faults of the beginning are over",
                   [&] { return count("pages") > 61 && count("faulted") >= 12; });
  let_orders_come(500);
  restart_postgresql();
  let_orders_come(300);
  lose_the_leader();
  let_orders_come(300);
  fail_over();
  let_orders_come(500);

  const auto frozen = freeze();
  processes_.await(proven_until(frozen));
  processes_.await("every tier was read again since the freeze", [&] { return all_read_since(frozen); });
  EXPECT_EQ(processes_.stop_daemons(), "");
  EXPECT_EQ(differences_from_truth(on_), "");
  EXPECT_TRUE(processes_.holds(proven_until(frozen)));
  EXPECT_EQ(processes_.logs().find(access_secret), std::string::npos);
  EXPECT_GT(count("faulted"), 30);

  const auto measured = measure_freshness(on_, ages, outages_);
  print_freshness(measured);
  for (const auto& row : measured) {
    EXPECT_GT(row.calm.n, 0) << row.ages.name;
    EXPECT_LT(row.calm.p50_s, 60) << row.ages.name;
  }
}

}  // namespace
}  // namespace ordersync::e2e
