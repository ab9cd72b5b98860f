// APIs of this family, three of their behaviours at once, drawn by a seed (pandapon-sim --family): 300 of them, each
// read by `sync` and then by a daemon whose day is compressed into seconds. Whatever they do, one sentence holds: no
// order that the source holds is missing, or older than its tier's bound, in time that is called proven; and where not
// everything is proven, status says so.
//
// The behaviours of a family begin within 20 s of its start, most of them at once. Many families live beside each
// other, for they mostly wait. A sanitizer's build takes a tenth of the seeds. ORDERSYNC_FAMILY=N runs one alone.

#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ordersync::e2e {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int families = 30;
constexpr int at_once = 6;
#else
constexpr int families = 300;
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

std::string iso(std::chrono::system_clock::time_point at) {
  const auto seconds = std::chrono::system_clock::to_time_t(at);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

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
    return judge("after sync");
  }

  std::string daemon() {
    auto process = on_.start({"run"});
    std::this_thread::sleep_for(std::chrono::seconds{12});  // a family's moments come by its own clock
    on_.post("/_freeze", "");
    // Nothing changes from here on: what is proven is to be as the source has it, a tier's period later.
    std::this_thread::sleep_for(std::chrono::seconds{6});
    auto wrong = judge("after a day of the daemon");
    for (int tries = 0; !wrong.empty() && tries < 3; ++tries) {
      // A slow machine reads its tiers late, and says so.
      std::this_thread::sleep_for(std::chrono::seconds{5});
      if (on_.query("select count(*) from ordersync.revisit_tiers where behind") != "0")
        wrong = judge("after it was behind");
    }
    process.signal(SIGTERM);
    process.wait();
    return wrong.empty() ? wrong : wrong + "\n" + tail(process.err());
  }

  std::string judge(const std::string& when) {
    const auto found = in_proven_time(on_);
    // A tier that cannot keep its pace, because the API allows too few requests, is shown as behind.
    const bool behind = on_.query("select count(*) from ordersync.revisit_tiers where behind") != "0";
    if (found.missing > 0 || (found.stale > 0 && when != "after sync" && !behind))
      return fmt::format("{}: {} orders are missing and {} stale in time that is called proven", when, found.missing,
                         found.stale);
    // What ends too near to now for the API is not missing yet.
    const bool all =
        on_.query("select proven @> tstzrange('" + start_ +
                  "', now() - interval '5 min' - coalesce((select value * interval '1 s' from "
                  "ordersync.api_limits where name = 'nearest_end'), '0')) from ordersync.coverage") == "t";
    if (all) return {};
    const auto status = on_.run({"status"});
    if (status.status.code == 0) return when + ": not everything is proven, and status says nothing\n" + status.out;
    return {};
  }

  static std::string tail(const std::string& text) {
    return text.substr(text.size() - std::min<std::size_t>(text.size(), 6000));
  }

  int number_;
  std::string start_;
  stage on_;
};

TEST(families, no_order_is_missing_or_stale_in_time_that_is_called_proven) {
  std::atomic<int> next{1};
  std::mutex mutex;
  std::vector<std::string> wrong;
  const auto* const only = std::getenv("ORDERSYNC_FAMILY");
  const auto last = only != nullptr ? std::atoi(only) : families;
  if (only != nullptr) next = last;
  const auto work = [&] {
    for (int number = next++; number <= last; number = next++) {
      std::string found;
      try {
        found = family(number).live();
      } catch (const std::exception& e) {
        found = fmt::format("family {}: {}", number, e.what());
      }
      const std::lock_guard lock{mutex};
      if (!found.empty()) wrong.push_back(std::move(found));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < at_once; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  for (const auto& text : wrong) ADD_FAILURE() << text;
}

}  // namespace
}  // namespace ordersync::e2e
