#include "e2e/life_freshness.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>

namespace ordersync::e2e {

namespace {

// A request may have left a moment before the change that its answer shows, hence the 0. What the simulator lists by
// its clock and the mirror stamps by PostgreSQL's is one clock here.
constexpr const char* lateness_by_age = R"sql(
with last as (
  select distinct on (doc -> 'id') (doc ->> 'id')::bigint as id, to_timestamp((doc ->> 'at')::numeric / 1000) as at,
         ((doc ->> 'at')::numeric - (doc ->> 'created_at')::numeric) / 1000 as age
  from line order by doc -> 'id', (doc ->> 'version')::int desc),
seen as (
  select l.age, greatest(extract(epoch from o._changed_at - l.at), 0) as late,
         not exists (select from outage where span && tstzrange(l.at, greatest(l.at, o._changed_at), '[]')) as calm
  from last l join ordersync.orders o using (id))
select a.number,
       count(late), percentile_disc(0.5) within group (order by late),
       percentile_disc(0.99) within group (order by late), max(late),
       count(late) filter (where calm), percentile_disc(0.5) within group (order by late) filter (where calm),
       percentile_disc(0.99) within group (order by late) filter (where calm), max(late) filter (where calm)
from ages a left join seen s on s.age >= a.from_s and s.age < a.to_s
group by a.number order by a.number;
)sql";

std::string script(const std::string& log, const std::vector<age_row>& rows, const std::vector<outage>& outages) {
  std::ostringstream sql;
  sql << "\\pset null 0\ncreate temporary table line (doc jsonb);\n"
      // CSV with a quote and a delimiter that JSON cannot hold takes each line as it is.
      << "\\copy line from '" << log << "' with (format csv, quote e'\\x01', delimiter e'\\x02')\n"
      << "create temporary table outage (span tstzrange);\n"
      << "create temporary table ages (number int, from_s bigint, to_s bigint);\n";
  for (const auto& o : outages)
    sql << fmt::format("insert into outage values (tstzrange(to_timestamp({}/1000.0), to_timestamp({}/1000.0)));\n",
                       o.from_ms, o.to_ms);
  // An order may be listed before the second in which it was created is over.
  std::int64_t from = -60;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql << fmt::format("insert into ages values ({}, {}, {});\n", i, from, rows[i].younger_than_s);
    from = rows[i].younger_than_s;
  }
  sql << lateness_by_age;
  return sql.str();
}

lateness read_lateness(std::istream& in) {
  lateness read;
  in >> read.n >> read.p50_s >> read.p99_s >> read.most_s;
  return read;
}

}  // namespace

std::vector<freshness_row> measure_freshness(stage& on, const std::vector<age_row>& rows,
                                             const std::vector<outage>& outages) {
  const auto log = on.download("/_log");
  auto text = on.query_file(on.directory().write("freshness.sql", script(log.string(), rows, outages)));
  for (auto& c : text)
    if (c == '|') c = ' ';
  std::istringstream in{text};
  std::vector<freshness_row> measured;
  for (const auto& row : rows) {
    std::size_t number = 0;
    in >> number;
    measured.push_back({row, read_lateness(in), read_lateness(in)});
  }
  if (!in) throw std::runtime_error("the freshness could not be read: " + text);
  return measured;
}

void print_freshness(const std::vector<freshness_row>& rows) {
  std::printf("freshness, seconds from a change to the read that saw it\n");
  std::printf("%-22s %6s | %28s | %28s\n", "", "", "all", "outside of outages");
  std::printf("%-22s %6s | %6s %6s %6s %7s | %6s %6s %6s %7s\n", "age of the order", "every", "n", "p50", "p99", "max",
              "n", "p50", "p99", "max");
  for (const auto& row : rows) {
    std::printf("%-22s %5llds | %6lld %6.1f %6.1f %7.1f | %6lld %6.1f %6.1f %7.1f\n", row.ages.name.c_str(),
                static_cast<long long>(row.ages.every_s), static_cast<long long>(row.all.n), row.all.p50_s,
                row.all.p99_s, row.all.most_s, static_cast<long long>(row.calm.n), row.calm.p50_s, row.calm.p99_s,
                row.calm.most_s);
    const auto property = [&](const char* what, double value) {
      testing::Test::RecordProperty(fmt::format("freshness_{}_{}", row.ages.name, what), fmt::format("{:.1f}", value));
    };
    property("p50", row.all.p50_s);
    property("p99", row.all.p99_s);
    property("calm_p50", row.calm.p50_s);
    property("calm_p99", row.calm.p99_s);
  }
  std::fflush(stdout);
}

}  // namespace ordersync::e2e
