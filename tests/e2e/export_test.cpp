// `export`: tables as files.

#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

namespace ordersync::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::Test;

std::vector<std::string> whole_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    lines.push_back(text.substr(at, end - at));
  return lines;
}

std::string content(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

const std::string left_out = "'{order_key,item_key,age,days_in_status}'::text[]";

// What no file of one line a row would keep.
const std::string nasty_rows = R"sql(
UPDATE ordersync.orders SET seller_login_id = (ARRAY['=1+1', '@SUM(A1)', '+86', '-1', E'\t=1', 'a"b', 'a,b', E'two\r\nlines', '', NULL,
  '0012', ' blanks ', '红色，绒', E'\u202Eturned', 'back\slash'])[1 + abs(id % 15)];
INSERT INTO ordersync.order_details (order_id, buyer_memo, paid_at, _account, _first_seen_at, _changed_at, _observed_at, _version, _content_hash)
  SELECT id, E'memo: "x", y\nz', created_at + interval '1 hour', 'main', now(), now(), now(), 1, '' FROM ordersync.orders WHERE id % 2 = 0;
INSERT INTO ordersync.order_payments (order_id, position, phase, paid_at, pay_way_name, amount_fen)
  SELECT order_id, p, p::text, paid_at + p * interval '1 minute', '=支付', 100 + p FROM ordersync.order_details, generate_series(0, 1) p;
INSERT INTO ordersync.order_shipments (order_id, position, id, waybill_number, shipped_at, item_ids)
  SELECT order_id, p, 'L' || p, '00' || order_id, paid_at, ARRAY[9223372036854775807, p] FROM ordersync.order_details, generate_series(0, 2) p;
)sql";

struct exports : Test {
  stage on;

  void mirror(const std::string& orders, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--seed", "7", "--orders", orders, "--from", "2024-05-01", "--to", "2024-06-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    on.start_simulator(arguments);
    on.configure();
    on.migrate();
    ASSERT_NE(on.run({"sync"}).status.code, 5);
  }

  void fill() {
    mirror("120");
    on.query_file(on.directory().write("nasty.sql", nasty_rows));
  }
  std::string exported(const std::string& what, const std::string& format, std::vector<std::string> more = {}) {
    const auto file = on.file("exported").string();
    std::vector<std::string> verb{"export",     what,       "--from", "2024-05-01", "--to",
                                  "2024-06-01", "--format", format,   "--output",   file};
    verb.insert(verb.end(), more.begin(), more.end());
    const auto done = on.run(verb);
    EXPECT_EQ(done.status.code, what == "payments" || what == "shipments" ? 6 : 0) << done.err;
    EXPECT_EQ(done.out, "");
    return file;
  }
  std::string run_script(const std::string& script) {
    return on.query_file(on.directory().write("script.sql", script));
  }
};

const std::map<std::string, std::string> views{
    {"orders", "orders"}, {"items", "order_items"}, {"payments", "payments"}, {"shipments", "shipments"}};

// PostgreSQL's own reader of CSV reads it back, and finds in each column what the view has.
TEST_F(exports, as_csv_are_read_back_as_they_are_in_the_database) {
  fill();
  for (const auto& [what, view] : views) {
    const auto answer = run_script(fmt::format(R"sql(
CREATE TEMP TABLE back AS SELECT * FROM reporting.{1} LIMIT 0;
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT attname, atttypid::regtype::text AS type FROM pg_attribute WHERE attrelid = 'back'::regclass AND attnum > 0 LOOP
    IF c.attname = ANY ({2}) THEN EXECUTE format('ALTER TABLE back DROP %I', c.attname);
    ELSIF c.type LIKE '%[]' THEN EXECUTE format('ALTER TABLE back ALTER %I TYPE jsonb USING NULL', c.attname); END IF;
  END LOOP; END $$;
\copy back FROM '{0}' WITH (FORMAT csv, HEADER)
SELECT (SELECT count(*) FROM back) = (SELECT count(*) FROM reporting.{1}) AND (SELECT count(*) > 0 FROM back),
  (SELECT count(*) FROM (SELECT to_jsonb(b) FROM back b EXCEPT ALL SELECT to_jsonb(v) - {2} FROM reporting.{1} v) AS differing);
)sql",
                                               exported(what, "csv"), view, left_out));
    EXPECT_EQ(answer, "t|0") << what;
  }
}

TEST_F(exports, as_ndjson_are_read_back_as_they_are_in_the_database) {
  fill();
  for (const auto& [what, view] : views) {
    const auto answer = run_script(fmt::format(R"sql(
CREATE TEMP TABLE j (n serial, line text);
\copy j (line) FROM '{0}' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
SELECT (SELECT count(*) FROM j) = (SELECT count(*) FROM reporting.{1}) AND (SELECT count(*) > 0 FROM j),
  (SELECT count(*) FROM (SELECT to_jsonb(jsonb_populate_record(NULL::reporting.{1}, line::jsonb)) - {2} FROM j
     EXCEPT ALL SELECT to_jsonb(v) - {2} FROM reporting.{1} v) AS differing),
  (SELECT count(*) FROM j WHERE jsonb_typeof(line::jsonb -> 'order_id') <> 'string' OR line::jsonb ?| {2}),
  (SELECT count(*) FROM (SELECT o.created_at, o.order_key, lag((o.created_at, o.order_key)) OVER (ORDER BY n) AS before
     FROM j JOIN reporting.orders o ON o.order_id = line::jsonb ->> 'order_id') s WHERE (created_at, order_key) < before);
)sql",
                                               exported(what, "ndjson"), view, left_out));
    EXPECT_EQ(answer, "t|0|0|0") << what;
  }
}

TEST_F(exports, for_excel_have_local_times_whole_ids_and_no_formula) {
  fill();
  const auto file = exported("orders", "xlsx-csv");
  const auto text = content(file);
  EXPECT_THAT(text, StartsWith("\xEF\xBB\xBForder_id,account,"));
  EXPECT_THAT(text, EndsWith("\r\n"));
  const auto answer = run_script(fmt::format(R"sql(
CREATE TEMP TABLE back AS SELECT * FROM reporting.orders LIMIT 0;
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 'back'::regclass AND attnum > 0 LOOP
    IF c.attname = ANY ({1}) THEN EXECUTE format('ALTER TABLE back DROP %I', c.attname);
    ELSE EXECUTE format('ALTER TABLE back ALTER %I TYPE text USING NULL', c.attname); END IF;
  END LOOP; END $$;
\copy back FROM '{0}' WITH (FORMAT csv, HEADER)
SELECT count(*), count(*) FILTER (WHERE b.created_at = to_char(o.created_at AT TIME ZONE reporting.api_zone(), 'YYYY-MM-DD HH24:MI:SS')),
  count(*) FILTER (WHERE b.total_amount IS NOT DISTINCT FROM o.total_amount::text),
  count(*) FILTER (WHERE b.seller_login_id IS NOT DISTINCT FROM CASE WHEN o.seller_login_id ~ E'^[=@+\t-]' THEN '''' || o.seller_login_id
    WHEN o.seller_login_id = '0012' THEN '="0012"' ELSE o.seller_login_id END),
  count(*) FILTER (WHERE to_jsonb(b)::text ~ ': "[+@\t-][^0-9]')
FROM back b JOIN reporting.orders o ON b.order_id = '="' || o.order_id || '"';
)sql",
                                             file, left_out));
  EXPECT_EQ(answer, "120|120|120|120|0");
}

TEST_F(exports, are_the_same_on_stdout) {
  fill();
  for (const std::string format : {"csv", "xlsx-csv", "excel", "ndjson"}) {
    const auto printed = on.run({"export", "orders", "--from", "2024-05-01", "--to", "2024-06-01", "--format", format});
    EXPECT_EQ(printed.status.code, 0) << printed.err;
    EXPECT_THAT(printed.err, HasSubstr("120 rows"));
    EXPECT_EQ(printed.out, content(exported("orders", format))) << format;
  }
}

TEST_F(exports, show_personal_data_to_who_asks_for_it_alone) {
  mirror("60");
  const auto address = on.query(
      "SELECT address FROM ordersync.order_receivers WHERE address ~ '^[^[:cntrl:]\",]{4,}[^ ]$' ORDER BY order_id "
      "LIMIT 1");
  ASSERT_FALSE(address.empty());
  EXPECT_THAT(content(exported("orders", "csv")), Not(HasSubstr(address)));
  EXPECT_THAT(content(exported("orders", "csv", {"--personal"})), HasSubstr(address));
  EXPECT_EQ(fs::status(on.file("exported")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(exports, refuse_what_cannot_be_meant) {
  mirror("10");
  const std::vector<std::vector<std::string>> wrong{
      {"orders"},
      {"everything", "--format", "csv"},
      {"orders", "--format", "pdf"},
      {"items", "--format", "csv", "--personal"},
      {"orders", "--format", "csv", "--split", "day"},
      {"orders", "--format", "csv", "--output", "a.csv", "--force"},
      {"orders", "--format", "csv", "--output", "d/", "--split", "year"},
      {"orders", "--format", "csv", "--account", "nobody"},
      {"orders", "--format", "csv", "--from", "2024-06-01", "--to", "2024-05-01"}};
  for (auto verb : wrong) {
    verb.insert(verb.begin(), "export");
    const auto done = on.run(verb);
    EXPECT_EQ(done.status.code, 2) << testing::PrintToString(verb) << done.err;
    EXPECT_EQ(done.out, "");
  }
}

TEST_F(exports, that_cannot_be_written_are_exit_code_74) {
  mirror("10");
  const auto nowhere =
      on.run({"export", "orders", "--format", "csv", "--output", on.file("missing").string() + "/orders.csv"});
  EXPECT_EQ(nowhere.status.code, 74) << nowhere.err;
  EXPECT_THAT(nowhere.err, HasSubstr("orders.csv.part: No such file or directory"));
  const auto full =
      test_support::run_process({.argv = {"sh", "-c", R"("$0" --config "$1" export orders --format csv > /dev/full)",
                                          stage::ordersync().string(), on.file("ordersync.yaml").string()}});
  EXPECT_EQ(full.status.code, 74) << full.err;
  EXPECT_THAT(full.err, HasSubstr("cannot write to stdout: No space left on device"));
}

TEST_F(exports, of_a_range_that_is_not_proven_are_made_and_exit_code_6) {
  mirror("60");
  on.query(
      "UPDATE ordersync.coverage SET proven = proven - tstzmultirange(tstzrange('2024-05-12+08', '2024-05-13+08'))");
  const auto done = on.run({"export", "orders", "--from", "2024-05-01", "--to", "2024-06-01", "--format", "csv"});
  EXPECT_EQ(done.status.code, 6);
  EXPECT_THAT(done.err, HasSubstr("1 ranges are not proven complete, the first from 2024-05-12T00:00:00+08:00 to "
                                  "2024-05-13T00:00:00+08:00"));
  EXPECT_EQ(whole_lines(done.out).size(), 61U);
  EXPECT_EQ(on.run({"export", "orders", "--from", "2024-05-13", "--to", "2024-06-01", "--format", "csv"}).status.code,
            0);
}

struct several_files : exports {
  fs::path directory = on.file("out");

  finished_process export_days(std::vector<std::string> more = {}) { return on.run(days(std::move(more))); }
  std::vector<std::string> days(std::vector<std::string> more = {}) {
    std::vector<std::string> verb{"export",     "orders",   "--from", "2024-05-01", "--to",
                                  "2024-06-01", "--format", "csv",    "--output",   directory.string() + "/",
                                  "--split",    "day"};
    verb.insert(verb.end(), more.begin(), more.end());
    return verb;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    if (fs::exists(directory))
      for (const auto& file : fs::directory_iterator(directory)) all.push_back(file.path().filename().string());
    std::ranges::sort(all);
    return all;
  }
  std::vector<std::string> finished_files() const {
    auto all = names();
    std::erase_if(all, [](const auto& name) { return !name.ends_with(".csv"); });
    return all;
  }
  // Without their headers.
  std::string rows() const {
    std::string all;
    for (const auto& name : names()) {
      const auto text = content(directory / name);
      all += text.substr(text.find('\n') + 1);
    }
    return all;
  }
};

TEST_F(several_files, that_a_killed_export_left_are_kept_and_completed) {
  fill();
  const auto in_one = content(exported("orders", "csv"));
  std::mt19937 random(20240501);
  std::size_t made = 0;
  while (made < 25) {
    auto process = on.start(days());
    // Somewhere in the file that follows another one.
    while (finished_files().size() == made && !process.wait(std::chrono::milliseconds{1})) {
    }
    process.wait(std::chrono::milliseconds{random() % 5});
    process.signal(SIGKILL);
    ASSERT_TRUE(process.wait().has_value());
    ASSERT_GT(finished_files().size(), made);
    made = finished_files().size();
  }
  std::map<std::string, fs::file_time_type> times;
  for (const auto& name : finished_files()) times[name] = fs::last_write_time(directory / name);
  const auto done = export_days();
  EXPECT_EQ(done.status.code, 0) << done.err;
  ASSERT_FALSE(times.empty());
  EXPECT_THAT(done.err, HasSubstr(fmt::format("{} files were there already", times.size())));
  for (const auto& [name, time] : times) EXPECT_EQ(fs::last_write_time(directory / name), time) << name;
  EXPECT_EQ(names().size(), 31U);
  EXPECT_EQ(names().front(), "orders-2024-05-01.csv");
  EXPECT_EQ(names().back(), "orders-2024-05-31.csv");
  EXPECT_EQ(rows(), in_one.substr(in_one.find('\n') + 1));
}

TEST_F(several_files, that_are_there_are_written_again_where_it_is_forced) {
  mirror("60");
  EXPECT_THAT(export_days().err, HasSubstr("60 rows in 31 files"));
  EXPECT_THAT(export_days().err, HasSubstr("0 rows in 0 files; 31 files were there already"));
  EXPECT_THAT(export_days({"--force"}).err, HasSubstr("60 rows in 31 files"));
}

TEST_F(several_files, for_excel_have_names_of_their_own) {
  mirror("10");
  export_days();
  EXPECT_THAT(on.run({"export", "orders", "--from", "2024-05-01", "--to", "2024-06-01", "--format", "xlsx-csv",
                      "--output", directory.string() + "/"})
                  .err,
              HasSubstr("10 rows in 1 file"));
  EXPECT_EQ(names().front(), "orders-2024-05-01.csv");
  EXPECT_EQ(names().back(), "orders-2024-05.excel.csv");
}

TEST_F(several_files, of_days_that_are_not_proven_say_so_until_they_are) {
  mirror("60");
  const auto gap = std::string{"tstzmultirange(tstzrange('2024-05-12 06:00+08', '2024-05-12 07:00+08'))"};
  on.query("UPDATE ordersync.coverage SET proven = proven - " + gap);
  EXPECT_EQ(export_days().status.code, 6);
  EXPECT_THAT(names(), Contains("orders-2024-05-12.incomplete.csv"));
  EXPECT_THAT(names(), Not(Contains("orders-2024-05-12.csv")));
  on.query("UPDATE ordersync.coverage SET proven = proven + " + gap);
  const auto done = export_days();
  EXPECT_EQ(done.status.code, 0);
  EXPECT_THAT(done.err, HasSubstr("in 1 file; 30 files were there already"));
  EXPECT_THAT(names(), Contains("orders-2024-05-12.csv"));
  EXPECT_THAT(names(), Not(Contains("orders-2024-05-12.incomplete.csv")));
}

TEST_F(several_files, of_days_whose_orders_have_no_details_say_so_until_they_have) {
  mirror("60");
  const auto export_parcels = [&] {
    return on.run({"export", "shipments", "--from", "2024-05-01", "--to", "2024-06-01", "--split", "day", "--format",
                   "csv", "--output", directory.string() + "/"});
  };
  const std::string sent = "order_status BETWEEN 3 AND 5 AND tb_order_id <> ''";
  const auto missing = on.query("SELECT count(*) FROM ordersync.orders WHERE " + sent);
  auto done = export_parcels();
  EXPECT_EQ(done.status.code, 6) << done.err;
  EXPECT_THAT(done.err, HasSubstr("the details of " + missing + " orders were not read"));
  const auto days =
      std::stoul(on.query("SELECT count(DISTINCT reporting.api_day(created_at)) FROM ordersync.orders WHERE " + sent));
  const auto incomplete = [&] {
    return static_cast<unsigned long>(std::ranges::count_if(
        names(), [](const auto& name) { return name.find(".incomplete.csv") != std::string::npos; }));
  };
  EXPECT_EQ(incomplete(), days);
  on.query(
      "INSERT INTO ordersync.order_details (order_id, _account, _first_seen_at, _changed_at, _observed_at, _version, "
      "_content_hash) SELECT id, 'main', now(), now(), now(), 1, '' FROM ordersync.orders");
  done = export_parcels();
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_EQ(incomplete(), 0U);
  EXPECT_THAT(done.err, HasSubstr(fmt::format("{} files were there already", 31 - days)));
}

TEST_F(several_files, are_not_taken_for_written_where_a_directory_has_the_name) {
  mirror("10");
  const auto taken = directory / "orders-2024-05-03.csv";
  fs::create_directories(taken);
  const auto done = export_days();
  EXPECT_EQ(done.status.code, 74);
  EXPECT_THAT(done.err, HasSubstr("orders-2024-05-03.csv: it is a directory"));
  EXPECT_TRUE(fs::is_directory(taken));
}

TEST_F(several_files, hold_whole_months_and_the_present_one_is_written_again) {
  mirror("60");
  for (int time = 1; time <= 2; ++time) {
    const auto done = on.run({"export", "orders", "--from", "2024-05-20", "--format", "ndjson", "--output",
                              directory.string() + "/{}.ndjson"});
    EXPECT_EQ(done.status.code, 0) << done.err;
    EXPECT_THAT(done.err, HasSubstr("the month that is not over is incomplete and will be written again"));
    EXPECT_EQ(whole_lines(content(directory / "2024-05.ndjson")).size(), 60U);
  }
  EXPECT_THAT(names().back(), EndsWith(".incomplete.ndjson"));
}

}  // namespace
}  // namespace ordersync::e2e
