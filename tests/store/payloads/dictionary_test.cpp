#include "store/payloads/dictionary.hpp"

#include "store/payloads/payload_samples.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::payloads::dictionary;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string order =
    R"({"id":1,"orderNumber":"18","lines":[{"productName":"a","quantity":2},{"productName":"b","quantity":5}]})";

std::vector<std::string_view> repeated(const std::string& payload, std::size_t times = 2) {
  return {times, payload};
}

TEST(the_dictionary, learns_the_shapes_of_payloads_the_commonest_first) {
  dictionary shapes{{"%s"}};
  EXPECT_THAT(shapes.learn({order}),
              ElementsAre(R"({"id":%s,"orderNumber":"%s","lines":[)", R"({"productName":"%s","quantity":%s},)",
                          R"({"productName":"%s","quantity":%s}]})"));
  EXPECT_THAT(shapes.learn({order}), IsEmpty()) << "it knows them";
}

TEST(the_dictionary, stores_a_payload_as_numbers_of_shapes_and_a_line_for_each_value) {
  dictionary shapes{{"%s"}};
  shapes.learn({order});
  const auto packed = shapes.pack(order);
  EXPECT_EQ(packed.shape, "%2$s%3$s%4$s");
  EXPECT_THAT(packed.body, StartsWith("1\n18\na\n2\nb\n5\n "));
  EXPECT_EQ(packed.body.find_last_not_of(' '), std::string_view{"1\n18\na\n2\nb\n5"}.size());
  EXPECT_THAT(packed.body, SizeIs(2'000)) << "PostgreSQL compresses no short row";
}

TEST(the_dictionary, stores_a_piece_that_it_does_not_know_as_one_value) {
  dictionary shapes{{"%s"}};
  shapes.learn({order});
  const std::string other =
      R"({"id":1,"orderNumber":"18","lines":[{"x":"%s"},{"y":1},{"productName":"b","quantity":5}]})";
  const auto packed = shapes.pack(other);
  EXPECT_EQ(packed.shape, "%2$s%1$s%4$s");
  EXPECT_THAT(packed.body, StartsWith("1\n18\n{\"x\":\"%s\"},{\"y\":1},\nb\n5\n "));
}

TEST(the_dictionary, leaves_a_payload_whole_that_it_cannot_make_smaller) {
  dictionary shapes{{"%s"}};
  shapes.learn({order});
  for (const auto* payload : {"", "{}", "{\"a\":1}", "no json", "{\"unknown\":{\"field\":\"of another shape\"}}"}) {
    const auto packed = shapes.pack(payload);
    EXPECT_EQ(packed.shape, std::nullopt) << payload;
    EXPECT_EQ(packed.body, payload);
  }
}

TEST(the_dictionary, that_somebody_damaged_is_not_used) {
  EXPECT_EQ(dictionary{{}}.pack(order).shape, std::nullopt);
  EXPECT_EQ((dictionary{{"x", R"({"id":%s,"orderNumber":"%s","lines":[)"}}.pack(order).shape), std::nullopt);
}

TEST(the_dictionary, takes_rare_shapes_only_as_long_as_it_is_small) {
  dictionary shapes{{"%s"}};
  const auto numbered = [](int number) { return fmt::format(R"({{"someField":1,"field{}":2}})", number); };
  for (int number = 0; number < 200; ++number) shapes.learn({numbered(number)});
  EXPECT_EQ(shapes.size(), 64U);
  EXPECT_THAT(shapes.learn(repeated(numbered(100))), SizeIs(1));
}

TEST(the_dictionary, is_bounded_in_number_and_in_size) {
  dictionary shapes{{"%s"}};
  for (int number = 0; number < 500; ++number)
    shapes.learn(repeated(fmt::format(R"({{"someField":1,"field{}":2}})", number)));
  EXPECT_EQ(shapes.size(), 256U);
  EXPECT_TRUE(shapes.is_full());

  dictionary large{{"%s"}};
  std::string fields;
  for (int field = 0; field < 500; ++field) fields += fmt::format(R"("field{}":0,)", field);
  for (int number = 0; number < 100; ++number)
    large.learn(repeated(fmt::format(R"({{{}"last{}":1}})", fields, number)));
  EXPECT_LT(large.size(), 20U);
}

}  // namespace
}  // namespace ordersync::store_test
