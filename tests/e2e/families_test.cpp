// APIs of this family, three of their behaviours at once, drawn by a seed (pandapon-sim --family): 60 of them, each
// read by `sync` and then by a daemon whose day is compressed into seconds. Whatever they do, one sentence holds: no
// order that the source holds is missing, or older than its tier's bound, in time that is called proven; and where not
// everything is proven, status says so.
//
// The behaviours of a family begin within 20 s of its start, most of them at once; the day goes on until all have, and
// everything was read again under them. Many families live beside each other, for they mostly wait. A sanitizer's build
// takes fewer. TEST_FAMILIES=N takes the first N, TEST_FAMILY=N one alone.

#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ordersync::e2e {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int families = 8;
constexpr int at_once = 8;
#else
constexpr int families = 60;
constexpr int at_once = 16;
#endif

// Everything is read again within 6 s; a filter that changes is found within 6 s as well.
constexpr const char* pace =
    "  rate: 100\n"
    "  audit: 0.1\n"
    "  live: {every: 1s, settle: 1s, overlap: 20s}\n"
    "  revisit:\n"
    "    - {younger_than: 2m, every: 2s}\n"
    "    - {younger_than: 90d, every: 6s}\n";

constexpr std::chrono::milliseconds look_again{1000};
constexpr std::chrono::seconds timeout{45};

// What is wrong in time that is called proven: orders that are missing, and such that are not as the source has them.
constexpr const char* wrong_in_proven_time = R"sql(
\set ON_ERROR_STOP 1
create temporary table line (doc jsonb);
\copy line from '{}' with (format csv, quote e'\x01', delimiter e'\x02')
select coalesce(sum((o.id is null)::int), 0), coalesce(sum((o.id is not null
         and o.order_status is distinct from (doc ->> 'order_status')::int)::int), 0)
from line cross join (select coalesce(range_agg(p), '{{}}'::tstzmultirange) as proven
                      from ordersync.coverage, unnest(proven) p) c
left join ordersync.orders o on o.id = (doc ->> 'id')::bigint
where c.proven @> (doc ->> 'created_at')::timestamptz and not coalesce((doc ->> 'vanished')::bool, false);
)sql";

struct state {
  std::int64_t missing = 0;
  std::int64_t stale = 0;
};

state in_proven_time(stage& on) {
  const auto truth = on.download("/_truth");
  const auto text = on.query_file(on.directory().write("wrong.sql", fmt::format(wrong_in_proven_time, truth.string())));
  const auto bar = text.find('|');
  return {std::stoll(text.substr(0, bar)), std::stoll(text.substr(bar + 1))};
}

// Milliseconds until the last of the simulator's behaviours has begun or ended.
std::int64_t changes_left(stage& on) {
  std::ifstream in{on.download("/_stats")};
  const std::string stats{std::istreambuf_iterator<char>{in}, {}};
  constexpr std::string_view key = "\"changes_left_ms\":";
  return std::stoll(stats.substr(stats.find(key) + key.size()));
}

class family {
 public:
  explicit family(int number) : number_(number) {
    const auto now = std::chrono::system_clock::now();
    start_ = iso(now - std::chrono::hours{24 * 40});
    on_.start_simulator({"--family", std::to_string(number), "--seed", std::to_string(number), "--orders", "500",
                         "--from", start_, "--to", iso(now), "--live", "1", "--mutate", "2", "--oddities", "0"});
    on_.configure({.api = "  request_timeout: 5s\n", .sync = pace, .top = "log: {level: info}\n", .start = start_});
    on_.migrate();
  }

  // Empty, or what is wrong.
  std::string live() {
    auto wrong = sync();
    if (wrong.empty()) wrong = daemon();
    return wrong.empty() ? wrong : fmt::format("family {}: {}", number_, wrong);
  }

 private:
  std::string sync() {
    const auto done = on_.run({"sync"});
    if (!done.status.code || *done.status.code == 70) return "sync fails by a defect: " + done.err;
    return assess("after sync");
  }

  std::string daemon() {
    auto process = on_.start({"run"});
    wait_for([&] { return changes_left(on_) == 0; });
    wait_for_reads();
    on_.post("/_freeze", "");
    // Nothing changes from here on: what is proven is to be as the source has it, a tier's period later.
    wait_for_reads();
    auto wrong = assess("after a day of the daemon");
    process.signal(SIGTERM);
    process.wait();
    return wrong.empty() ? wrong : wrong + "\n" + tail(process.err());
  }

  // Until the daemon has read everything once more, or says that it is behind.
  void wait_for_reads() {
    const auto now = on_.query("select now()");
    wait_for([&] {
      return on_.query(fmt::format("select count(*) = 2 and bool_and(updated_at > '{0}' and (behind or "
                                   "oldest_read_at > '{0}')) from ordersync.revisit_tiers",
                                   now)) == "t";
    });
  }

  // What never comes is found by the check afterwards.
  template <class Condition>
  static void wait_for(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    while (!holds() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(look_again);
  }

  std::string assess(const std::string& when) {
    const auto found = in_proven_time(on_);
    // A tier that cannot keep its pace, because the API allows too few requests, is shown as behind.
    const bool behind = on_.query("select count(*) from ordersync.revisit_tiers where behind") != "0";
    if (found.missing > 0 || (found.stale > 0 && when != "after sync" && !behind))
      return fmt::format("{}: {} orders are missing and {} stale in time that is called proven", when, found.missing,
                         found.stale);
    if (all_is_proven()) return {};
    const auto status = on_.run({"status"});
    // What was missing may have been read meanwhile.
    if (status.status.code == 0 && !all_is_proven())
      return when + ": not everything is proven, and status says nothing\n" + status.out;
    return {};
  }

  // But for the latest; what ends too near to now for the API is not missing yet either.
  bool all_is_proven() {
    return on_.query("select proven @> tstzrange('" + start_ +
                     "', now() - interval '5 min' - coalesce((select value * interval '1 s' from "
                     "ordersync.api_limits where name = 'nearest_end'), '0')) from ordersync.coverage") == "t";
  }

  static std::string tail(const std::string& text) {
    return text.substr(text.size() - std::min<std::size_t>(text.size(), 6000));
  }

  int number_;
  std::string start_;
  stage on_;
};

TEST(families, no_order_is_missing_or_stale_in_time_that_is_called_proven) {
  // The cluster ends with the thread that has started it.
  test_support::shared_cluster();
  std::atomic<int> next{1};
  const auto given = [](const char* name, int otherwise) {
    const auto* const text = std::getenv(name);
    return text != nullptr ? std::atoi(text) : otherwise;
  };
  const int only = given("TEST_FAMILY", 0);
  const int last = only > 0 ? only : given("TEST_FAMILIES", families);
  if (only > 0) next = only;
  const auto work = [&] {
    for (int number = next++; number <= last; number = next++) {
      std::string found;
      try {
        found = family(number).live();
      } catch (const std::exception& e) {
        found = fmt::format("family {}: {}", number, e.what());
      }
      if (!found.empty()) ADD_FAILURE() << found;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < at_once; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace ordersync::e2e
