#include "pandapon/json/scalar.hpp"

#include "pandapon/text/decimal.hpp"
#include "pandapon/text/utf8.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace ordersync::pandapon::json {
namespace {

// What a reader makes of a JSON text: the value, or why not.
template <class Out>
struct reading {
  Out out;
  std::string complaint;
};

template <class Out>
reading<Out> read(std::string_view (*reader)(const json_value&, Out&), std::string_view json) {
  json_arena arena;
  reading<Out> made;
  made.complaint = reader(parse_json(json, arena).value.value(), made.out);
  return made;
}

TEST(scalar, integers_come_as_number_or_text_and_never_through_a_double) {
  EXPECT_EQ(read(read_integer, "1060631267218818995").out, 1060631267218818995);
  EXPECT_EQ(read(read_integer, "\"1060631267218818995\"").out, 1060631267218818995);
  EXPECT_EQ(read(read_integer, "9223372036854775807").out, INT64_MAX);
  EXPECT_EQ(read(read_integer, "-9223372036854775808").out, INT64_MIN);
  EXPECT_EQ(read(read_integer, "4650.00").out, 4650);
  EXPECT_EQ(read(read_integer, "1e3").out, 1000);
  EXPECT_EQ(read(read_integer, "-0").out, 0);
  EXPECT_EQ(read(read_integer, "9007199254740993e0").out, 9007199254740993);
}

TEST(scalar, what_is_no_int64_is_complained_about) {
  for (const auto* json :
       {"9223372036854775808", "-9223372036854775809", "1e400", "1e99999999999", "0.5", "\"1,5\"", "\"abc\"", "\"007\"",
        "\"+1\"", "\" 1\"", "\"inf\"", "\"NaN\"", "\"0x10\"", "true", "[]", "{}", "\"\\u0000\"", "\"--1\"", "\"-\""}) {
    const auto got = read(read_integer, json);
    EXPECT_FALSE(got.out) << json;
    EXPECT_FALSE(got.complaint.empty()) << json;
  }
}

TEST(scalar, nothing_is_no_number_and_no_complaint) {
  for (const auto* json : {"null", "\"\"", "\" \"", "\"null\""}) {
    EXPECT_FALSE(read(read_integer, json).out) << json;
    EXPECT_EQ(read(read_integer, json).complaint, "") << json;
    EXPECT_EQ(read(read_decimal, json).complaint, "") << json;
    EXPECT_EQ(read(read_time, json).complaint, "") << json;
    EXPECT_EQ(read(read_flag, json).complaint, "") << json;
  }
}

TEST(scalar, documented_words_for_a_status_are_its_number) {
  for (const auto& [word, number] :
       {std::pair{"waitbuyerpay", 1}, std::pair{"waitsellersend", 2}, std::pair{"waitbuyerreceive", 3},
        std::pair{"waitlogisticstakein", 3}, std::pair{"waitbuyersign", 3}, std::pair{"signinsuccess", 3},
        std::pair{"confirm_goods", 4}, std::pair{"success", 5}, std::pair{"cancel", 6}, std::pair{"terminated", 7},
        std::pair{"WAITBUYERSIGN", 3}, std::pair{"WAITING_FOR_PAYMENT", 1}, std::pair{"WAITING_FOR_SENT", 2},
        std::pair{"CANCEL", 6}, std::pair{"5", 5}}) {
    const auto got = read(read_order_status, std::string("\"") + word + "\"");
    EXPECT_EQ(got.out, number) << word;
    EXPECT_EQ(got.complaint, "") << word;
  }
  EXPECT_EQ(read(read_order_status, "3").out, 3);
  EXPECT_EQ(read(read_order_status, "null").complaint, "");
  for (const auto* json :
       {"\"waitbuyer\"", "\"cancelled\"", "\"refunded\"", "\"waitlogisticstakein2\"", "true", "[]"}) {
    EXPECT_FALSE(read(read_order_status, json).out) << json;
    EXPECT_NE(read(read_order_status, json).complaint, "") << json;
  }
}

TEST(scalar, enumerations_fit_int32) {
  EXPECT_EQ(read(read_small_integer, "\"7\"").out, 7);
  EXPECT_EQ(read(read_small_integer, "-2147483648").out, INT32_MIN);
  EXPECT_FALSE(read(read_small_integer, "2147483648").out);
  EXPECT_NE(read(read_small_integer, "2147483648").complaint, "");
}

TEST(scalar, text_is_kept_as_it_is) {
  EXPECT_EQ(read(read_text, "\"\"").out, "");
  EXPECT_EQ(read(read_text, "\" \"").out, " ");
  EXPECT_EQ(read(read_text, "\"null\"").out, "null");
  EXPECT_EQ(read(read_text, "\"86-\"").out, "86-");
  EXPECT_EQ(read(read_text, "2217225334051").out, "2217225334051");
  EXPECT_EQ(read(read_text, "1.50").out, "1.50");
  EXPECT_FALSE(read(read_text, "null").out);
  EXPECT_EQ(read(read_text, "null").complaint, "");
  for (const auto* json : {"true", "{}", "[\"a\"]", "\"\\ud800\""})
    EXPECT_NE(read(read_text, json).complaint, "") << json;
}

TEST(scalar, times_are_epoch_milliseconds_of_sane_years) {
  EXPECT_EQ(core::to_text(read(read_time, "1704451799001").out.value()), "2024-01-05T10:49:59.001Z");
  EXPECT_EQ(core::to_text(read(read_time, "\"0\"").out.value()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(core::to_text(read(read_time, "253402300799999").out.value()), "9999-12-31T23:59:59.999Z");
  EXPECT_NE(read(read_time, "253402300800000").complaint, "");
  EXPECT_EQ(core::to_text(read(read_time, "-62135596800000").out.value()), "0001-01-01T00:00:00.000Z");
  EXPECT_NE(read(read_time, "-62135596800001").complaint, "");
  EXPECT_NE(read(read_time, "9223372036854775807").complaint, "");
  EXPECT_NE(read(read_time, "\"2024-01-05 18:49:59\"").complaint, "");
}

TEST(scalar, flags_come_in_five_spellings) {
  for (const auto* json : {"true", "\"true\"", "1", "\"1\""}) EXPECT_EQ(read(read_flag, json).out, true) << json;
  for (const auto* json : {"false", "\"false\"", "0", "\"0\""}) EXPECT_EQ(read(read_flag, json).out, false) << json;
  for (const auto* json : {"2", "\"yes\"", "[]"}) EXPECT_NE(read(read_flag, json).complaint, "") << json;
}

TEST(decimal, has_one_plain_spelling) {
  EXPECT_EQ(text::plain_decimal("1"), "1");
  EXPECT_EQ(text::plain_decimal("1.50"), "1.5");
  EXPECT_EQ(text::plain_decimal("-0.0"), "0");
  EXPECT_EQ(text::plain_decimal("0e999999"), "0");
  EXPECT_EQ(text::plain_decimal("1.50e1"), "15");
  EXPECT_EQ(text::plain_decimal("-12.5E+3"), "-12500");
  EXPECT_EQ(text::plain_decimal("125e-4"), "0.0125");
  EXPECT_EQ(text::plain_decimal("125e-2"), "1.25");
  EXPECT_EQ(text::plain_decimal("0.1000000000000000055511151231257827"), "0.1000000000000000055511151231257827");
  EXPECT_EQ(text::plain_decimal("1e99"), "1" + std::string(99, '0'));
}

TEST(decimal, is_refused_where_it_is_none_or_absurd) {
  for (const auto* text : {"", "-", "+1", "007", "1.", ".5", "1e", "1e+", "1x", " 1", "1 ", "inf", "nan", "1e100",
                           "1e-101", "1e99999999999", "1e2000000"}) {
    EXPECT_FALSE(text::plain_decimal(text)) << text;
  }
}

TEST(utf8, valid_text_is_distinguished_from_invalid) {
  for (const std::string_view good :
       {"", "abcdefghijk", "件é😀", "\x7F", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(text::valid_text_prefix(good), good.size()) << good;
  }
  using namespace std::string_view_literals;
  for (const auto bad : {"\0"sv, "\x80"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv,
                         "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xE4\xBB"sv, "\xFF"sv}) {
    EXPECT_EQ(text::valid_text_prefix("abcdefgh" + std::string(bad) + "abcdefgh"), 8U);
    EXPECT_EQ(text::valid_text_prefix("abc" + std::string(bad)), 3U);
  }
}

TEST(utf8, invalid_bytes_are_shown) {
  using namespace std::string_view_literals;
  EXPECT_EQ(text::shown_as_text("a\0件\xFF\xE4"sv), "a\\x00件\\xFF\\xE4");
  EXPECT_EQ(text::shown_as_text("plain"), "plain");
}

TEST(scalar, yuan_become_fen_exactly) {
  for (const auto* json : {"12.5", "\"12.50\"", "12.50", "12.500", "1.25e1", "\"1.25E1\"", "12500e-3", "\"12.5\""})
    EXPECT_EQ(read(read_yuan, json).out, 1250) << json;
  EXPECT_EQ(read(read_yuan, "0.1").out, 10);
  EXPECT_EQ(read(read_yuan, "0.07").out, 7);
  EXPECT_EQ(read(read_yuan, "-0.05").out, -5);
  EXPECT_EQ(read(read_yuan, "0").out, 0);
  EXPECT_EQ(read(read_yuan, "1234567").out, 123456700);
  EXPECT_EQ(read(read_yuan, "92233720368547758.07").out, INT64_MAX);
  EXPECT_EQ(read(read_yuan, "90071992547409.93").out, 9007199254740993);
}

TEST(scalar, what_is_no_whole_number_of_fen_is_complained_about) {
  for (const auto* json : {"0.005", "\"12.501\"", "1e-3", "92233720368547758.08", "1e40", "\"12,5\"", "\"12.5元\"",
                           "\".5\"", "true", "[]"}) {
    const auto got = read(read_yuan, json);
    EXPECT_FALSE(got.out) << json;
    EXPECT_FALSE(got.complaint.empty()) << json;
  }
  for (const auto* json : {"null", "\"\"", "\"null\""}) {
    EXPECT_FALSE(read(read_yuan, json).out);
    EXPECT_EQ(read(read_yuan, json).complaint, "");
  }
}

TEST(scalar, times_with_an_offset_keep_their_instant) {
  const auto time = [](std::string_view json) {
    const auto got = read(read_zoned_time, json);
    return got.out ? core::to_text(*got.out) : "none";
  };
  EXPECT_EQ(time("\"20170913231916000-0700\""), "2017-09-14T06:19:16.000Z");
  EXPECT_EQ(time("\"20170914141916000+0800\""), "2017-09-14T06:19:16.000Z");
  EXPECT_EQ(time("\"20170914061916000+0000\""), "2017-09-14T06:19:16.000Z");
  EXPECT_EQ(time("\"20170914114916123+0530\""), "2017-09-14T06:19:16.123Z");
  EXPECT_EQ(time("\"20240229235959999-0330\""), "2024-03-01T03:29:59.999Z");
  for (const auto* json : {"null", "\"\"", "\"null\""}) EXPECT_EQ(read(read_zoned_time, json).complaint, "");
}

TEST(scalar, malformed_times_with_an_offset_are_complained_about) {
  for (const auto* json : {"\"20170913231916000\"", "\"20170913231916000Z\"", "\"20170913231916000-07:00\"",
                           "\"20171313231916000-0700\"", "\"20170230231916000-0700\"", "\"20170913241916000-0700\"",
                           "\"20170913236016000-0700\"", "\"20170913231960000-0700\"", "\"20170913231916000-1600\"",
                           "\"20170913231916000-0760\"", "\"2017091323191600x-0700\"", "\"00000101000000000+0000\"",
                           "\"00010101000000000+0100\"", "1505369956000", "20170913231916000", "true", "{}"}) {
    const auto got = read(read_zoned_time, json);
    EXPECT_FALSE(got.out) << json;
    EXPECT_FALSE(got.complaint.empty()) << json;
  }
}

}  // namespace
}  // namespace ordersync::pandapon::json
