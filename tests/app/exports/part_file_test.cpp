// A file that is there in full or not at all.
#include "app/exports/part_file.hpp"

#include "support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace ordersync::app::exports {
namespace {

struct part_files : ::testing::Test {
  test_support::temp_dir directory;
  std::filesystem::path file = directory.path() / "orders.csv";
  std::filesystem::path part = directory.path() / "orders.csv.part";

  static std::string content(const std::filesystem::path& of) {
    std::stringstream text;
    text << std::ifstream(of).rdbuf();
    return text.str();
  }
};

TEST_F(part_files, have_their_name_once_they_are_finished) {
  auto made = part_file::open(file, false);
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE(made->write("one\n").has_value());
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(content(part), "one\n");
  ASSERT_TRUE(made->finish().has_value());
  EXPECT_EQ(content(file), "one\n");
  EXPECT_FALSE(std::filesystem::exists(part));
}

TEST_F(part_files, leave_the_former_file_alone_until_then) {
  directory.write("orders.csv", "former\n");
  {
    auto made = part_file::open(file, false);
    ASSERT_TRUE(made.has_value());
    ASSERT_TRUE(made->write("half").has_value());
  }
  EXPECT_EQ(content(file), "former\n");
  EXPECT_FALSE(std::filesystem::exists(part));
}

TEST_F(part_files, begin_empty_whatever_an_earlier_try_left) {
  directory.write("orders.csv.part", "what somebody who was killed left\n");
  auto made = part_file::open(file, false);
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE(made->write("half").has_value());
  ASSERT_TRUE(made->restart().has_value());
  ASSERT_TRUE(made->write("new\n").has_value());
  ASSERT_TRUE(made->finish().has_value());
  EXPECT_EQ(content(file), "new\n");
}

TEST_F(part_files, are_written_by_one_at_a_time) {
  auto first = part_file::open(file, false);
  ASSERT_TRUE(first.has_value());
  const auto second = part_file::open(file, false);
  ASSERT_TRUE(second.has_error());
  EXPECT_NE(second.error().what.find("another export is writing it"), std::string::npos) << second.error().what;
  ASSERT_TRUE(first->write("first\n").has_value());
  ASSERT_TRUE(first->finish().has_value());
  EXPECT_EQ(content(file), "first\n");
}

TEST_F(part_files, with_personal_data_are_for_their_owner_alone) {
  directory.write("orders.csv.part", "");
  auto made = part_file::open(file, true);
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE(made->finish().has_value());
  struct ::stat found {};
  ASSERT_EQ(::stat(file.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(part_files, take_the_place_of_nothing_but_a_plain_file) {
  const std::vector<std::pair<std::filesystem::path, const char*>> others{{"/dev/null", "no plain file"},
                                                                          {directory.path(), "it is a directory"}};
  for (const auto& [other, why] : others) {
    const auto made = part_file::open(other, false);
    ASSERT_TRUE(made.has_error()) << other;
    EXPECT_NE(made.error().what.find(why), std::string::npos) << made.error().what;
  }
}

TEST_F(part_files, say_which_directory_is_missing) {
  const auto made = part_file::open(directory.path() / "missing" / "orders.csv", false);
  ASSERT_TRUE(made.has_error());
  EXPECT_NE(made.error().what.find("missing/orders.csv.part: No such file"), std::string::npos) << made.error().what;
}

}  // namespace
}  // namespace ordersync::app::exports
