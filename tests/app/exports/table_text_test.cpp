// Rows as CSV, as CSV for Excel, and as JSON.
#include "app/exports/table_text.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::exports {
namespace {

using namespace std::chrono_literals;
using store::feed::cell;
using store::feed::column;
using enum store::feed::column_kind;

const std::vector<column> columns{{"order_id", text},  {"created_at", moment},   {"created_day", day},
                                  {"vanished", flag},  {"total_amount", number}, {"sku_attributes", json},
                                  {"buyer_memo", text}};
// 2026-11-28T12:49:08.250Z.
const std::vector<cell> values{"1060631267218818995",  "1795870148250", "2026-11-28", "f", "-12.50",
                               R"([{"name": "a,b"}])", "plain"};

std::string written(table_format as, const std::vector<cell>& cells) {
  table_text table(as, 480min);
  std::string nothing, out;
  table.begin(nothing, columns);
  table.row(out, cells);
  return out;
}
std::string header(table_format as) {
  table_text table(as, 480min);
  std::string out;
  table.begin(out, columns);
  return out;
}
std::string field(std::string_view value) {
  std::string out;
  append_field(out, value);
  return out;
}

TEST(csv, has_a_header_and_times_with_the_offset_of_the_zone) {
  EXPECT_EQ(header(table_format::csv),
            "order_id,created_at,created_day,vanished,total_amount,sku_attributes,buyer_memo\r\n");
  EXPECT_EQ(written(table_format::csv, values),
            "1060631267218818995,2026-11-28T20:49:08.250+08:00,2026-11-28,false,-12.50,\"[{\"\"name\"\": "
            "\"\"a,b\"\"}]\",plain\r\n");
}

TEST(csv, tells_an_empty_text_from_none) {
  EXPECT_EQ(written(table_format::csv, {"1", {}, {}, "t", {}, {}, ""}), "1,,,true,,,\"\"\r\n");
}

TEST(csv, quotes_what_would_end_a_field_or_lose_its_blanks) {
  EXPECT_EQ(field("a"), "a");
  EXPECT_EQ(field("a b;c'd"), "a b;c'd");
  EXPECT_EQ(field("a,b"), "\"a,b\"");
  EXPECT_EQ(field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(field("two\rlines"), "\"two\rlines\"");
  EXPECT_EQ(field(" a"), "\" a\"");
  EXPECT_EQ(field("a "), "\"a \"");
  EXPECT_EQ(field("红色，绒"), "红色，绒");
}

TEST(csv, leaves_every_text_as_it_is) {
  EXPECT_EQ(written(table_format::csv, {"=1+1", {}, {}, {}, {}, {}, "@SUM(A1)"}), "=1+1,,,,,,@SUM(A1)\r\n");
}

TEST(excel, begins_with_a_byte_order_mark) {
  EXPECT_EQ(header(table_format::excel), "\xEF\xBB\xBF" + header(table_format::csv));
}

TEST(excel, has_times_of_the_zone_and_keeps_every_digit_of_an_id) {
  EXPECT_EQ(written(table_format::excel, values),
            "\"=\"\"1060631267218818995\"\"\",2026-11-28 20:49:08,2026-11-28,false,-12.50,\"[{\"\"name\"\": "
            "\"\"a,b\"\"}]\",plain\r\n");
}

TEST(excel, makes_of_no_text_a_formula) {
  for (const std::string begins : {"=", "+", "-", "@", "\t", "\r", "\n", " =", "  @", "＝", "＋", "－", "＠"})
    EXPECT_EQ(excel_text(begins + "cmd|' /C calc'!A0"), "'" + begins + "cmd|' /C calc'!A0");
}

TEST(excel, makes_of_no_text_a_number_or_date) {
  EXPECT_EQ(excel_text("0012"), "=\"0012\"");
  EXPECT_EQ(excel_text("1E5"), "=\"1E5\"");
  EXPECT_EQ(excel_text("3-4"), "=\"3-4\"");
  EXPECT_EQ(excel_text("3月5日"), "=\"3月5日\"");
  EXPECT_EQ(excel_text("9\"&cmd&\""), "=\"9\"\"&cmd&\"\"\"");
}

TEST(excel, leaves_what_is_text_to_it_anyway) {
  const auto long_text = "7" + std::string(300, 'x');
  for (const std::string& one :
       {std::string{}, std::string{"红色"}, std::string{"a=b"}, std::string{"1\n2"}, long_text})
    EXPECT_EQ(excel_text(one), one);
}

TEST(ndjson, has_no_header_ids_as_text_and_times_in_utc) {
  EXPECT_EQ(header(table_format::ndjson), "");
  EXPECT_EQ(written(table_format::ndjson, values),
            R"({"order_id":"1060631267218818995","created_at":"2026-11-28T12:49:08.250Z","created_day":"2026-11-28",)"
            R"("vanished":false,"total_amount":-12.50,"sku_attributes":[{"name": "a,b"}],"buyer_memo":"plain"})"
            "\n");
}

TEST(ndjson, is_json_whatever_a_text_holds) {
  EXPECT_EQ(written(table_format::ndjson, {"a\"b\\c\n\x01", {}, {}, {}, "NaN", {}, "=1"}),
            R"({"order_id":"a\"b\\c\u000a\u0001","created_at":null,"created_day":null,"vanished":null,)"
            R"("total_amount":"NaN","sku_attributes":null,"buyer_memo":"=1"})"
            "\n");
}

TEST(a_table, begins_anew_after_a_failed_try) {
  table_text table(table_format::ndjson, 0min);
  std::string out;
  table.begin(out, columns);
  table.begin(out, {{"order_id", text}});
  table.row(out, {"1"});
  EXPECT_EQ(out, "{\"order_id\":\"1\"}\n");
  EXPECT_THROW(table.row(out, {"1", "2"}), std::logic_error);
}

}  // namespace
}  // namespace ordersync::app::exports
