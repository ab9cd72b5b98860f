#include "bench/freshness_run.hpp"

#include "bench/cluster.hpp"
#include "tests/e2e/scrape.hpp"
#include "tests/e2e/stage.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace ordersync::bench {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

constexpr std::chrono::days span{180};

// What moment a row got its status in, as near to the commit as SQL can say.
constexpr const char* watch = R"sql(
CREATE TABLE public.seen (id bigint, status integer, at timestamptz);
GRANT ALL ON public.seen TO PUBLIC;
CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.seen VALUES (new.id, new.order_status, clock_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER see AFTER INSERT OR UPDATE OF order_status ON ordersync.orders FOR EACH ROW EXECUTE FUNCTION public.see()
)sql";

// Of each change the first moment in which the row had that status or a later one.
constexpr const char* delays = R"sql(
SELECT count(*), count(*) FILTER (WHERE seen_at IS NULL), coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY delay), 0),
  coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY delay), 0), coalesce(max(delay), 0)
FROM (SELECT seen_at, extract(epoch FROM seen_at - at) AS delay FROM (
  SELECT to_timestamp((doc ->> 'at')::float8 / 1000) AS at, (SELECT min(s.at) FROM public.seen s WHERE
    s.id = (doc ->> 'id')::bigint AND s.status >= (doc ->> 'status')::int AND
    s.at >= to_timestamp((doc ->> 'at')::float8 / 1000)) AS seen_at
  FROM log WHERE doc ->> 'what' = 'changed' AND doc ->> 'status' <> doc ->> 'status_before') c
  WHERE at >= to_timestamp({0}) AND at < to_timestamp({1})) d;
)sql";

double epoch(system_clock::time_point at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

double requests(e2e::stage& stage) {
  std::ifstream in{stage.download("/_stats")};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  return boost::json::parse(text).as_object().at("requests").to_number<double>();
}

double check_requests(e2e::stage& stage) {
  return std::stod(stage.query("SELECT coalesce(sum(requests), 0) FROM ordersync.count_checks"));
}

std::string free_address() {
  const auto done = test_support::run_process(
      {.argv = {"python3", "-c",
                "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"}});
  return "127.0.0.1:" + done.out.substr(0, done.out.find('\n'));
}

void start_simulator(e2e::stage& stage, const freshness_setup& setup, const std::string& listener) {
  const auto now = system_clock::now();
  std::vector<std::string> arguments{"--orders",     std::to_string(setup.orders),
                                     "--from",       e2e::iso(now - span),
                                     "--to",         e2e::iso(now - 1h),
                                     "--oddities",   "0",
                                     "--open",       std::to_string(setup.open_percent),
                                     "--mutate",     fmt::format("{}", setup.changes_per_second),
                                     "--mutate-open"};
  if (setup.push)
    for (const auto& each : {std::string{"--push"}, "http://" + listener + "/push", std::string{"--push-lose"},
                             std::to_string(setup.lost_percent)})
      arguments.push_back(each);
  stage.start_simulator(arguments);
  stage.post("/_freeze", "");
}

void mirror_everything(e2e::stage& stage) {
  const auto done = stage.run({"sync"});
  if (done.status.code != 0) throw std::runtime_error("the mirror did not get ready: " + done.err);
  stage.query_file(stage.directory().write("watch.sql", watch));
}

freshness_figures evaluate(e2e::stage& stage, double begin, double end) {
  const auto log = stage.download("/_log");
  const auto script = fmt::format(
      "create temporary table log (doc jsonb);\n\\copy log from '{}' with (format csv, quote e'\\x01', delimiter "
      "e'\\x02')\ncreate index on public.seen (id);\n{}",
      log.string(), fmt::format(delays, begin, end));
  std::istringstream row{stage.query_file(stage.directory().write("delays.sql", script))};
  freshness_figures figures;
  char bar = 0;
  row >> figures.changes >> bar >> figures.unseen >> bar >> figures.p50 >> bar >> figures.p99 >> bar >> figures.worst;
  if (!row) throw std::runtime_error("the delays could not be read: " + row.str());
  return figures;
}

}  // namespace

freshness_figures run_freshness(const freshness_setup& setup) {
  durable_cluster();  // before the stage makes a database in it
  e2e::stage stage;
  const auto listener = free_address();
  start_simulator(stage, setup, listener);
  const auto start = e2e::iso(system_clock::now() - span);
  stage.configure({.sync = "  rate: 100000\n", .start = start});
  stage.migrate();
  mirror_everything(stage);
  // From here on everything is as by default.
  stage.configure({.sync = setup.by_counts ? "" : "  recheck: {share: 0}\n",
                   .top = "log: {level: warning}\n" + (setup.push ? "push: {listen: \"" + listener + "\"}\n" : ""),
                   .start = start});
  const auto daemon = stage.start({"run"});
  if (!e2e::poll_until([&] { return requests(stage) > 0; })) throw std::runtime_error("the daemon did not begin");
  if (setup.changes_per_second > 0) stage.post("/_thaw", "");
  std::this_thread::sleep_for(std::chrono::seconds{setup.settle_seconds});

  const auto begin = system_clock::now();
  const double before = requests(stage);
  const double checks_before = check_requests(stage);
  std::this_thread::sleep_for(std::chrono::seconds{setup.seconds});
  const auto end = system_clock::now();
  const double took = epoch(end) - epoch(begin);
  const double asked = (requests(stage) - before) / took;
  const double asked_by_checks = (check_requests(stage) - checks_before) / took;
  stage.post("/_freeze", "");
  if (setup.changes_per_second > 0) std::this_thread::sleep_for(2min);
  auto figures = evaluate(stage, epoch(begin), epoch(end));
  figures.requests_per_second = asked;
  figures.check_requests_per_second = asked_by_checks;
  return figures;
}

}  // namespace ordersync::bench
