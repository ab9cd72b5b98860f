// What the mirror knew when, and orders that the API stops showing, with real programs.

#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ordersync::e2e {
namespace {

using namespace std::chrono_literals;

constexpr int orders = 600;
constexpr int rounds = 6;

const std::vector<std::string> may{"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--foreground"};

// The truth of each round, in the words of order_history.state, and when the mirror read it.
constexpr const char* make_tables = R"sql(
create table public.round (k integer primary key, frozen timestamptz not null, began timestamptz, ended timestamptz);
create table public.truth (k integer, id bigint, doc jsonb, primary key (k, id));
create function public.spelt(t timestamptz) returns text language sql
return to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
create function public.without_own(o jsonb) returns jsonb language sql
return (select jsonb_object_agg(key, value) from jsonb_each(o) where left(key, 1) <> '_' and key <> 'order_id');
-- The present state of an order, as order_history would say it.
create view public.present as
select o.id, o._version as version, public.without_own(to_jsonb(o))
       || jsonb_build_object('created_at', public.spelt(o.created_at), 'tb_created_at', public.spelt(o.tb_created_at),
            'items', (select coalesce(jsonb_agg(public.without_own(to_jsonb(i)) || jsonb_build_object('created_at',
                        public.spelt(i.created_at)) order by position, i.id), '[]')
                      from ordersync.order_items i where i.order_id = o.id),
            'cargo', (select coalesce(jsonb_agg(public.without_own(to_jsonb(c)) order by position), '[]')
                      from ordersync.order_cargo c where c.order_id = o.id)) as doc
from ordersync.orders o;
)sql";

// 100 moments; of each, every order that the mirror says is not as it was when it was read last. While it was being
// read it may be as it was the time before.
constexpr const char* wrong_moments = R"sql(
select setseed(0.4);
create temporary table moment as
select m.i, m.at, r.k, m.at < r.ended as reading
from (select i, b.first + random() * (b.last - b.first) as at from generate_series(1, 100) i,
      (select min(ended) as first, clock_timestamp() as last from public.round) b offset 0) m
join lateral (select * from public.round where began <= m.at order by k desc limit 1) r on true;
create temporary table known as
select m.i, m.k, m.reading, o.order_key as id, s.doc
from moment m, lateral reporting.orders_at(m.at) o
join (select h.order_id as id, h.version, h.state -> 'order' || jsonb_build_object('items', h.state -> 'items',
        'cargo', h.state -> 'cargo') as doc from ordersync.order_history h
      union all select id, version, doc from public.present) s on s.id = o.order_key and s.version = o.version;
select 'moments ' || count(distinct i) || ', rounds ' || (count(distinct k) > 2) || ', orders ' || min(n) || ' to ' || max(n)
from (select i, k, count(*) as n from known group by 1, 2) t;
select 'wrong ' || count(*) from known s
where not exists (select from public.truth t where t.id = s.id and t.doc = s.doc
                  and (t.k = s.k or s.reading and t.k = s.k - 1));
)sql";

void load_truth(stage& on, int round, const std::string& at) {
  const auto file = on.download("/_truth?at=" + at);
  on.query_file(on.directory().write(
      "load.sql", "create temporary table line (doc jsonb);\n\\copy line from '" + file.string() +
                      "' with (format csv, quote e'\\x01', delimiter e'\\x02')\n" +
                      fmt::format("insert into public.truth select {}, (doc ->> 'id')::bigint, doc - 'receiver' - "
                                  "'warehouse_address' - 'quarantined' from line;\n",
                                  round)));
}

TEST(history, the_orders_at_a_hundred_random_moments_are_those_that_were_read_last) {
  stage on;
  on.start_simulator({"--seed", "11", "--orders", std::to_string(orders), "--from", "2024-05-01", "--to", "2024-06-01",
                      "--mutate", "50"});
  on.configure();
  on.migrate();
  on.query(make_tables);
  for (int k = 0; k < rounds; ++k) {
    on.post("/_freeze", "");
    on.query(fmt::format("insert into public.round values ({}, clock_timestamp(), clock_timestamp())", k));
    ASSERT_NE(on.run(may).status.code, 5);
    on.query(fmt::format("update public.round set ended = clock_timestamp() where k = {}", k));
    on.post("/_thaw", "");
    on.post("/_mutate?n=150", "");
  }
  for (int k = 0; k < rounds; ++k)
    load_truth(on, k,
               on.query(fmt::format("select ceil(extract(epoch from frozen) * 1000)::bigint from public.round "
                                    "where k = {}",
                                    k)));
  EXPECT_EQ(on.query_file(on.directory().write("moments.sql", wrong_moments)),
            fmt::format("\nmoments 100, rounds true, orders {0} to {0}\nwrong 0", orders));
  EXPECT_EQ(on.query("select count(*) from ordersync.orders o where o._version <> 1 + (select count(*) "
                     "from ordersync.order_history h where h.order_id = o.id and h.valid_to is not null)"),
            "0");
  EXPECT_GT(std::stoi(on.query("select max(_version) from ordersync.orders")), 2);
}

struct vanishing : ::testing::Test {
  stage on;

  child_process lead() {
    on.start_simulator(
        {"--seed", "5", "--orders", std::to_string(orders), "--from", "2024-05-01", "--to", "2024-06-01"});
    on.configure({.sync = "  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n"
                          "  revisit: [{younger_than: 3650d, every: 4s}]\n",
                  .top = "log: {level: info}\n"});
    auto process = on.start({"run"});
    EXPECT_TRUE(process.wait_for_stderr("leading ")) << process.err();
    on.wait_until(
        "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '20 s'))");
    return process;
  }
  std::string some_orders() {
    return on.query(
        "SELECT string_agg(id::text, ' ') FROM (SELECT id FROM ordersync.orders "
        "WHERE tb_order_id ~ '^[0-9]+$' AND created_at IS NOT NULL AND tb_created_at IS NOT NULL "
        "ORDER BY id % 97, id LIMIT 5) t");
  }
};

const std::string none_vanished = "NOT EXISTS (SELECT FROM ordersync.orders WHERE _vanished_at IS NOT NULL)";

TEST_F(vanishing, the_daemon_marks_orders_that_are_gone_and_takes_the_mark_away_when_they_are_back) {
  auto process = lead();
  const auto ids = some_orders();
  on.post("/_vanish", ids);
  on.wait_until("(SELECT count(*) FROM ordersync.orders WHERE _vanished_at IS NOT NULL) = 5");
  EXPECT_EQ(differences_from_truth(on), "");
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders"), std::to_string(orders));
  EXPECT_EQ(on.query("SELECT count(*) FROM reporting.orders_at(now()) WHERE vanished"), "5");
  ASSERT_TRUE(process.wait_for_stderr("orders_vanished ")) << process.err();
  on.post("/_return", ids);
  on.wait_until(none_vanished);
  EXPECT_EQ(differences_from_truth(on), "");
  EXPECT_EQ(on.query("SELECT string_agg(DISTINCT version || ' ' || vanished || ' ' || changed::text, '; ') FROM "
                     "(SELECT * FROM reporting.order_versions WHERE version > 1 ORDER BY version) t"),
            R"(2 true {"vanished": {"new": true, "old": false}}; 3 false {"vanished": {"new": false, "old": true}})");
}

TEST_F(vanishing, orders_that_only_their_windows_hide_are_not_marked) {
  auto process = lead();
  on.post("/_faults", "from 1 vanish 2\n");
  ASSERT_TRUE(process.wait_for_stderr("orders_not_shown ")) << process.err();
  EXPECT_EQ(on.query("SELECT " + none_vanished), "t");
}

TEST_F(vanishing, an_api_that_suddenly_shows_nothing_at_all_is_not_trusted) {
  auto process = lead();
  on.post("/_faults", "from 1 body {\"total\":0,\"data\":[],\"code\":200}\n");
  ASSERT_TRUE(process.wait_for_stderr("the API returns none of its latest orders ")) << process.err();
  EXPECT_EQ(on.query("SELECT " + none_vanished), "t");
}

}  // namespace
}  // namespace ordersync::e2e
