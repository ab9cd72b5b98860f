// What reads many bytes at a time finds what looking at each byte finds, wherever the text begins and ends.
#include "core/utf8.hpp"
#include "pandapon/text/plain_run.hpp"
#include "pandapon/text/utf8.hpp"

#include <gtest/gtest.h>

#include <random>
#include <span>
#include <string>

namespace ordersync::pandapon::text {
namespace {

std::string random_text(std::mt19937_64& engine, std::span<const std::string_view> pieces, std::size_t most) {
  std::string text;
  const auto plain = engine() % 8;  // of eight pieces so many are plain
  for (auto left = engine() % most; left > 0; --left)
    text += engine() % 8 < plain ? "x" : pieces[engine() % pieces.size()];
  return text;
}

TEST(wide_reading, plain_runs_end_where_a_byte_is_not_plain) {
  using namespace std::string_view_literals;
  constexpr std::string_view pieces[] = {"\"", "\\", "\n", "\x1F", " ", "\x7F", "\x80", "\xFF", "!", "]", "件", "\0"sv};
  std::mt19937_64 engine{1};
  for (int i = 0; i < 20'000; ++i) {
    const auto text = random_text(engine, pieces, 60);
    const auto from = text.empty() ? 0 : engine() % text.size();
    auto end = from;
    while (end < text.size() && is_plain(text[end])) ++end;
    ASSERT_EQ(end_of_plain(text, from), end) << text << " from " << from;
    std::string copy(text.size() + plain_step, '#');
    char* out = copy.data();
    ASSERT_EQ(copy_plain(text, from, out), end) << text << " from " << from;
    ASSERT_EQ(std::string_view(copy.data(), out), std::string_view(text).substr(from, end - from));
  }
}

TEST(wide_reading, text_is_valid_up_to_the_first_invalid_character) {
  using namespace std::string_view_literals;
  constexpr std::string_view good[] = {"é", "件", "\xED\x9F\xBF", "\xEE\x80\x80", "😀", "\x7F"};
  constexpr std::string_view any[] = {"é", "件", "件", "件", "😀", "\x80", "\xE4\xBB", "\xED\xA0\x80", "\xF0", "\0"sv};
  std::mt19937_64 engine{2};
  for (int i = 0; i < 20'000; ++i) {
    auto text = random_text(engine, good, 100);
    if (engine() % 2 == 0) text += random_text(engine, any, 100);
    std::size_t valid = 0;
    while (valid < text.size()) {
      const auto next = core::first_character(std::string_view(text).substr(valid));
      if (!next.valid || next.code == 0) break;
      valid += next.bytes;
    }
    ASSERT_EQ(valid_text_prefix(text), valid) << text;
  }
}

}  // namespace
}  // namespace ordersync::pandapon::text
