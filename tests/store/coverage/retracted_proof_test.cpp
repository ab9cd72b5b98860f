#include "store/coverage/retraction.hpp"

#include <gmock/gmock.h>

namespace ordersync::store::coverage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

core::window span(int begin, int end) {
  return {core::second{std::chrono::seconds{begin}}, core::second{std::chrono::seconds{end}}};
}

std::vector<core::window> retracted(const std::vector<stored_proof>& proofs) {
  sync::interval_set all;
  for (const auto& proof : proofs) apply_proof(all, proof);
  return all.windows();
}

TEST(apply_proof, what_a_matching_proof_has_shown_is_retracted) {
  EXPECT_THAT(retracted({{span(0, 10), true}, {span(5, 20), true}, {span(30, 40), true}}),
              ElementsAre(span(0, 20), span(30, 40)));
}

TEST(apply_proof, what_another_proof_has_shown_since_stays) {
  EXPECT_THAT(retracted({{span(0, 30), true}, {span(10, 20), false}}), ElementsAre(span(0, 10), span(20, 30)));
  EXPECT_THAT(retracted({{span(0, 30), true}, {span(0, 30), false}}), IsEmpty());
}

TEST(apply_proof, what_another_proof_had_shown_before_is_retracted) {
  EXPECT_THAT(retracted({{span(10, 20), false}, {span(0, 30), true}}), ElementsAre(span(0, 30)));
  EXPECT_THAT(retracted({{span(0, 30), false}}), IsEmpty());
}

}  // namespace
}  // namespace ordersync::store::coverage
