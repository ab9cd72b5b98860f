#include "store/coverage/retraction.hpp"

#include <gmock/gmock.h>

namespace ordersync::store::coverage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

core::window span(int begin, int end) {
  return {core::second{std::chrono::seconds{begin}}, core::second{std::chrono::seconds{end}}};
}

std::vector<core::window> falling(const std::vector<weighed_proof>& proofs) {
  sync::interval_set all;
  for (const auto& proof : proofs) weigh(all, proof);
  return all.windows();
}

TEST(weigh, what_a_matching_proof_has_shown_falls) {
  EXPECT_THAT(falling({{span(0, 10), true}, {span(5, 20), true}, {span(30, 40), true}}),
              ElementsAre(span(0, 20), span(30, 40)));
}

TEST(weigh, what_another_proof_has_shown_since_stays) {
  EXPECT_THAT(falling({{span(0, 30), true}, {span(10, 20), false}}), ElementsAre(span(0, 10), span(20, 30)));
  EXPECT_THAT(falling({{span(0, 30), true}, {span(0, 30), false}}), IsEmpty());
}

TEST(weigh, what_another_proof_had_shown_before_falls) {
  EXPECT_THAT(falling({{span(10, 20), false}, {span(0, 30), true}}), ElementsAre(span(0, 30)));
  EXPECT_THAT(falling({{span(0, 30), false}}), IsEmpty());
}

}  // namespace
}  // namespace ordersync::store::coverage
