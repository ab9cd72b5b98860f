// The table sweeps stays small over a year, and no answer changes: proof, what a retraction takes back, which read was
// the last.
#include "store/coverage/retraction.hpp"
#include "store/reports/last_read.hpp"
#include "store/store_fixture.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"
#include "sync/schedule/schedule.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <set>

namespace ordersync::store_test {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;
namespace schedule = sync::schedule;

class pruning : public store_test {
 protected:
  // As a daemon's keeper does it at that moment.
  std::int64_t prune(core::instant now, int rows_at_once = 1'000) {
    std::int64_t pruned = 0;
    std::optional<store::maintenance::prune_position> next{std::in_place};
    while (next) {
      auto step = run(store_->maintenance().prune_reads({now - 25h, now - days{30}, rows_at_once}, std::move(*next)));
      EXPECT_TRUE(step.has_value()) << step.error().what;
      if (!step) break;
      pruned += step->pruned;
      next = std::move(step->next);
    }
    return pruned;
  }
  void prove(core::window w, int observed, std::vector<core::order> orders = {},
             sync::sweep_kind kind = sync::sweep_kind::live) {
    auto batch = proven_batch(w, std::move(orders), observed);
    batch.kind = kind;
    commit(std::move(batch));
  }
  std::string rows() { return value("SELECT count(*) FROM ordersync.sweeps"); }
};

constexpr int a_day = 86'400;

TEST_F(pruning, turns_reads_into_counts_that_later_reads_have_proven_again) {
  prove(span(0, 600), 700);
  prove(span(10, 610), 710);
  prove(span(0, 700), 2'000, {}, sync::sweep_kind::revisit);
  EXPECT_EQ(prune(at(2'000) + days{1}), 0);  // not yet
  EXPECT_EQ(prune(at(2'000) + days{2}), 2);
  EXPECT_EQ(table("SELECT account, day, kind, reads, requests, last_finished_at = (to_timestamp(0) + "
                  "interval '711 s' + (timestamp '2024-05-07' - timestamp '1970-01-01')) FROM ordersync.reads_by_day"),
            "main,2024-05-07,live,2,2,t");
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(prune(at(2'000) + days{2}), 0);
}

TEST_F(pruning, keeps_what_is_the_last_proof_of_a_second_and_what_was_asked_for_by_a_person) {
  prove(span(0, 600), 700);
  prove(span(100, 900), 2'000, {}, sync::sweep_kind::revisit);
  prove(span(0, 50), 300, {}, sync::sweep_kind::backfill);
  prove(span(0, 50), 310, {}, sync::sweep_kind::verify);
  EXPECT_EQ(prune(at(0) + days{100}), 0);
}

TEST_F(pruning, keeps_reads_that_found_something_new_for_a_month) {
  prove(span(0, 600), 700, {sample_order(1, 10, 700)});
  prove(span(0, 700), 2'000, {sample_order(1, 10, 2'000)}, sync::sweep_kind::revisit);
  EXPECT_EQ(prune(at(2'000) + days{29}), 0);
  EXPECT_EQ(prune(at(2'000) + days{31}), 1);
  EXPECT_EQ(value("SELECT created FROM ordersync.reads_by_day"), "1");
}

TEST_F(pruning, lets_no_read_of_before_overwrite_what_a_pruned_one_may_have_seen) {
  auto order = sample_order(1, 10, 100);
  prove(span(0, 600), 100, {order});
  order.observed_at = at_ms(3'000);
  prove(span(0, 600), 3'000, {order});
  prove(span(0, 700), 5'000, {}, sync::sweep_kind::revisit);
  execute("UPDATE ordersync.sweeps SET orders_seen = 1 WHERE kind = 'revisit'");
  ASSERT_EQ(prune(at(5'000) + days{2}), 1);
  // Read at 2000, as another state, and stuck ever since.
  order.order_status = 2;
  order.observed_at = at_ms(2'000);
  rehash(order);
  EXPECT_EQ(commit(proven_batch(span(0, 600), {order}, 2'000)).outdated, 1);
  EXPECT_EQ(run(store_->mark_vanished("main", {1}, at_ms(2'500))).value(), 0);
  EXPECT_EQ(run(store_->mark_vanished("main", {1}, at_ms(6'000))).value(), 1);
}

// A year.

struct read_row {
  schedule::task task;
  core::instant at{};
  int orders = 0;
  bool created = false;
};

// What a daemon reads, by its own schedule, and seldom enough to be written in a test: 630 reads a day.
class year_of_reads : public pruning {
 protected:
  static constexpr seconds between_orders{17'777};
  const core::second start = at(0);
  std::chrono::steady_clock::time_point power_on{std::chrono::hours{1'000}};
  schedule::schedule plan_{
      {start, 30min, 5s, 3'600s, {{24h, 12h}, {days{30}, days{4}}, {days{180}, days{14}}}}, {}, {}};
  seconds now_{3'700};
  std::set<std::int64_t> known_;

  void SetUp() override {
    pruning::SetUp();
    execute(
        fmt::format("INSERT INTO ordersync.orders (id, created_at, _account, _first_seen_at, _changed_at, "
                    "_observed_at, _version, _content_hash) SELECT n, created, 'main', created, created, created, "
                    "1, '\\x00' FROM generate_series(1, 1800) n, LATERAL (SELECT timestamptz '2024-05-07Z' + n * "
                    "interval '{} s' AS created) c",
                    between_orders.count()));
  }

  static std::pair<std::int64_t, std::int64_t> orders_in(const core::window& w) {
    const auto number = [](core::second t) { return (t - at(0) - 1s) / between_orders; };
    return {number(w.begin) + 1, number(w.end) + 1};
  }

  schedule::moment moment() const { return {power_on + now_, start + now_, start + now_}; }

  // Reads until then, each in a second.
  void live_until(seconds end) {
    std::vector<read_row> done;
    while (now_ < end) {
      while (auto due = plan_.next(moment())) {
        for (const auto& w : due->ranges) {
          const auto [from, to] = orders_in(w);
          bool created = false;
          for (auto id = from; id < to; ++id) created = known_.insert(id).second || created;
          done.push_back({*due, start + now_, static_cast<int>(to - from), created});
          done.back().task.ranges = {w};
          plan_.stored(w, w, start + now_);
        }
        plan_.ended(due->id, true, moment());
      }
      now_ += std::max(1s, std::chrono::ceil<seconds>(plan_.wake(moment()) - moment().steady));
    }
    write(done);
  }

  void write(const std::vector<read_row>& done) {
    std::string rows;
    core::window all{core::second::max(), core::second::min()};
    for (const auto& [task, at, orders, created] : done) {
      const auto range = store::values::range_literal(task.ranges[0]);
      rows += fmt::format(
          "{}('main', 'scope-1', '{}', '{}', '{}', 'proven', '', {}, {}, {}, 0, {}, 0, 0, 1, 1, '{}', '{}')",
          rows.empty() ? "" : ",", range, range, sync::name(task.kind), orders, orders, created ? 1 : 0, orders,
          core::to_text(at), core::to_text(at + 1s));
      all = {std::min(all.begin, task.ranges[0].begin), std::max(all.end, task.ranges[0].end)};
    }
    execute(
        "INSERT INTO ordersync.sweeps (account, scope, range, proven, kind, outcome, reason, total_reported, "
        "orders_seen, created, changed, unchanged, outdated, quarantined, pages, attempts, started_at, finished_at) "
        "VALUES " +
        rows);
    execute(fmt::format("UPDATE ordersync.coverage SET proven = proven + tstzmultirange('{}'::tstzrange)",
                        store::values::range_literal(all)));
  }

  std::int64_t count() { return std::stoll(rows()); }
  struct size {
    std::int64_t rows = 0, table = 0, indexes = 0;
  };
  // The indexes without the room in their pages, which PostgreSQL does not join when they are nearly empty.
  size measured() {
    execute("REINDEX TABLE ordersync.sweeps");
    return {.rows = count(),
            .table = std::stoll(value("SELECT pg_relation_size('ordersync.sweeps')")),
            .indexes = std::stoll(value("SELECT pg_indexes_size('ordersync.sweeps')"))};
  }

  // All that anybody asks of sweeps, and is answered by rows that may be old.
  std::string answers() {
    std::string all = last_reads() + retractions();
    schedule::last_read_map times;
    const auto records = run(store_->recent_reads("main", start + now_ - days{28})).value();
    for (const auto& read : records) times.read(read.window, std::chrono::floor<seconds>(read.started_at));
    for (auto t = start + now_ - days{200}; t < start + now_; t += 3h) {
      const auto oldest = t < start ? std::nullopt : times.oldest({t, t + 3h});
      all += fmt::format(" {}", oldest ? core::to_text(*oldest) : "never");
    }
    const auto status = run(store_->status()).value().accounts.at(0);
    return all + " " + core::to_text(status.last_proven->finished_at) +
           value("SELECT last_success_at::text || last_success_kind FROM reporting.freshness");
  }

  std::string last_reads() {
    std::string all;
    for (std::int64_t id = 1; id < now_ / between_orders; id += 7) {
      store::reports::order_report order;
      order.id = id;
      order.account = "main";
      order.created_at = start + id * between_orders;
      const auto read = store::reports::read_last_read(*superuser_, order);
      all += read ? fmt::format(" {}: {} {}", id, core::to_text(read->window), core::to_text(read->finished_at))
                  : fmt::format(" {}: none", id);
    }
    return all;
  }

  // Undone again.
  std::string retractions() {
    std::string all;
    const auto now = start + now_;
    const std::vector<std::pair<std::optional<core::instant>, std::optional<seconds>>> doubts{
        {now - 2h, {}},
        {now - days{3}, {}},
        {now - days{40}, {}},
        {{}, 1h},
        {{}, 6h},
        {{}, 14h},
        {now - days{10}, seconds{10'000}},
        {now - days{300}, 2h}};
    for (const auto& [since, longer] : doubts) {
      superuser_->begin(store::pg::access::write);
      std::int64_t id = 0;
      const auto parts = store::coverage::retract(
          *superuser_, "main",
          {.way = "slices", .range = {start, now}, .reason = "a test", .proven_since = since, .longer_than = longer},
          id);
      superuser_->roll_back();
      all += "\n";
      for (const auto& part : parts) all += core::to_text(part) + " ";
    }
    return all;
  }
};

TEST_F(year_of_reads, leaves_a_table_that_does_not_grow_and_every_answer_as_it_was) {
  std::map<int, size> sizes;
  for (int day = 1; day <= 365; ++day) {
    live_until(days{day});
    const bool compared = day % 30 == 0;
    const auto before = compared ? answers() : std::string{};
    prune(start + now_);
    if (compared) {
      ASSERT_EQ(answers(), before) << "day " << day;
    }
    if (day % 10 == 0) execute("VACUUM ordersync.sweeps");
    if (day == 200 || day == 365) sizes[day] = measured();
  }
  EXPECT_GT(std::stoll(value("SELECT sum(reads) FROM ordersync.reads_by_day")), 200'000);
  // What is left of a day that is older than all tiers: its last proof, three windows at most.
  EXPECT_LE(sizes[365].rows - sizes[200].rows, 3 * 165) << sizes[200].rows << ", then " << sizes[365].rows;
  EXPECT_LE(static_cast<double>(sizes[365].table), 1.1 * static_cast<double>(sizes[200].table));
  EXPECT_LE(static_cast<double>(sizes[365].indexes), 1.25 * static_cast<double>(sizes[200].indexes));
  EXPECT_LE(std::stoll(value("SELECT count(*) FROM ordersync.reads_by_day")), 2 * 366);
}

}  // namespace
}  // namespace ordersync::store_test
