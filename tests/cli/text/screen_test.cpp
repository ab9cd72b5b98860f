#include "cli/text/screen.hpp"

#include <gtest/gtest.h>

namespace ordersync::cli::text {
namespace {

struct colours : ::testing::Test {
  void TearDown() override { use_colours("never"); }
};

TEST_F(colours, are_put_around_the_beginning_that_stands_out_and_nothing_else) {
  use_colours("always");
  EXPECT_EQ(rendered({"ok       schema", style::good, 2}), "\x1b[32mok\x1b[0m       schema");
  EXPECT_EQ(rendered({"all of it", style::bad}), "\x1b[31mall of it\x1b[0m");
  EXPECT_EQ(rendered({"plain"}), "plain");
}

TEST_F(colours, are_left_out_where_stdout_is_no_terminal_or_nobody_wants_them) {
  for (const char* when : {"auto", "never"}) {
    use_colours(when);
    EXPECT_EQ(rendered({"all of it", style::bad}), "all of it") << when;
  }
}

TEST_F(colours, never_let_a_text_steer_the_terminal) {
  use_colours("always");
  EXPECT_EQ(rendered({"a\x1b[2J", style::good}), "\x1b[32ma\\u001b[2J\x1b[0m");
}

TEST(screen, is_drawn_over_from_the_corner_on_and_what_is_left_of_the_former_is_erased) {
  EXPECT_EQ(screen::drawn({{"one"}, {"two"}}, 80, 24), "\x1b[Hone\x1b[K\ntwo\x1b[K\n\x1b[J");
}

TEST(screen, leaves_out_what_is_beyond_the_height_of_the_terminal) {
  const std::string wraps(25, 'x');
  const auto all = "\x1b[Hone\x1b[K\n" + wraps + "\x1b[K\n";
  EXPECT_EQ(screen::drawn({{"one"}, {wraps}}, 11, 5), all + "\x1b[J");
  EXPECT_EQ(screen::drawn({{"one"}, {wraps}, {"two"}, {"end"}}, 11, 6), all + "... 2 more\x1b[K\n\x1b[J");
  EXPECT_EQ(screen::drawn({{"one"}, {wraps}, {"end"}}, 11, 5), "\x1b[Hone\x1b[K\n... 2 more\x1b[K\n\x1b[J");
}

TEST(screen, of_a_terminal_too_small_for_one_line_shows_its_beginning) {
  EXPECT_EQ(screen::drawn({{std::string(200, 'x')}, {"end"}}, 20, 6),
            "\x1b[H" + std::string(19, 'x') + "\x1b[K\n... 1 more line; a \x1b[K\n\x1b[J");
  EXPECT_EQ(screen::drawn({{"one"}, {"end"}}, 20, 2), "\x1b[Hone\x1b[K\n\x1b[J") << "one row is for the cursor";
}

TEST(screen, says_what_is_left_out_and_where_it_is) {
  const std::vector<styled_line> lines(30, {"line"});
  EXPECT_TRUE(screen::drawn(lines, 80, 24)
                  .ends_with("line\x1b[K\n... 8 more lines; a taller terminal, or ordersync status, shows them\x1b[K\n"
                             "\x1b[J"));
}

TEST(width, counts_whatever_is_not_ascii_as_two_columns) {
  EXPECT_EQ(width_of("a订单b"), 6U);
}

}  // namespace
}  // namespace ordersync::cli::text
