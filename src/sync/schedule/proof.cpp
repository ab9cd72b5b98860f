#include "sync/schedule/proof.hpp"

namespace ordersync::sync::schedule {

namespace {
// A Date header and a slow reply make the clock uncertain by seconds; that is no jump.
constexpr std::chrono::seconds jump = std::chrono::minutes{1};
}  // namespace

void proof::reassess(const moment& now) {
  const auto steady = std::chrono::floor<std::chrono::seconds>(now.steady.time_since_epoch());
  const auto ahead = now.server.time_since_epoch() - steady;
  if (!doubted_.empty() && ahead > doubted_at_ + jump) {
    for (const auto& w : doubted_.windows()) trusted_.add(w);
    doubted_ = {};
  }
  doubted_.remove({core::second::min(), now.server});
  if (trusted_.empty() || trusted_.windows().back().end <= now.server) return;
  const core::window to_come{now.server - settle_, core::second::max()};
  for (const auto& w : trusted_.within(to_come)) doubted_.add(w);
  trusted_.remove(to_come);
  doubted_at_ = ahead;
}

}  // namespace ordersync::sync::schedule
