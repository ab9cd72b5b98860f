// Damage to a detail: nothing crashes, and what comes of it can be stored.
#include "pandapon/detail/decode_refund.hpp"
#include "pandapon/detail/detail_sample.hpp"
#include "pandapon/text/utf8.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ordersync::pandapon::detail {
namespace {

bool whole(std::string_view text) {
  return text::valid_text_prefix(text) == text.size();
}

void expect_storable(const core::order_detail& d) {
  ASSERT_EQ(d.tb_order_id, asked_order);
  ASSERT_TRUE(whole(d.payload));
  for (const auto& note : d.notes) ASSERT_TRUE(whole(note.raw) && whole(note.path) && whole(note.reason));
  for (const auto& path : d.unknown_paths) ASSERT_TRUE(whole(path));
  for (const auto& text : {d.status, d.buyer_memo, d.remark, d.alipay_trade_id, d.close_reason})
    ASSERT_TRUE(!text || whole(*text));
  for (const auto& parcel : d.shipments) ASSERT_TRUE(!parcel.waybill || whole(*parcel.waybill));
  for (const auto& contact : d.contacts) ASSERT_TRUE(!contact.full_name || whole(*contact.full_name));
  for (const auto& refund : d.refunds) ASSERT_TRUE(whole(refund.id) && !refund.id.empty());
}

TEST(damaged_detail, cut_anywhere_is_an_error) {
  const auto text = sample_detail().text();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(try_detail(text.substr(0, size))) << size;
    EXPECT_FALSE(decode_refund(text.substr(0, size), "TQ1", seen_at)) << size;
  }
}

TEST(damaged_detail, never_crashes_and_can_be_stored) {
  constexpr std::string_view pieces[] = {
      "\"",       "\\",   "{", "}", "[",    "]",  ",",    ":",          "null", "\\u0000", "1e9",
      "\xFF",     "\x01", "-", "0", ".005", "id", "true", "[[[[[[[[[[", "\\\"", "{}",      "9223372036854775808",
      "\xE4\xBB", "e400"};
  std::mt19937_64 engine(17);
  const auto text = sample_detail().text();
  int usable = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = text;
    for (auto edits = engine() % 3 + 1; edits > 0; --edits) {
      const auto at = engine() % damaged.size();
      const auto& piece = pieces[engine() % std::size(pieces)];
      if (engine() % 2 == 0)
        damaged.insert(at, piece);
      else
        damaged.replace(at, piece.size(), piece);
    }
    const auto made = try_detail(damaged);
    if (!made) continue;
    ++usable;
    expect_storable(*made);
  }
  EXPECT_GT(usable, 200);
}

}  // namespace
}  // namespace ordersync::pandapon::detail
