#pragma once
// Which creation times are proven complete, as far as that can be trusted while the server's clock may jump. Pure; one
// thread.
//
// Proof of what is still to come is worth nothing: orders of that time will be created. It comes about when the clock
// was ahead, or seems so while the clock is behind. So proof that lies in the future is doubted, and trusted again only
// when the clock jumps forward, for then it was the clock that was wrong. What time itself reaches must be read anew.

#include "core/time.hpp"
#include "sync/interval_set.hpp"
#include "sync/schedule/task.hpp"

#include <chrono>
#include <vector>

namespace ordersync::sync::schedule {

class proof {
 public:
  // Orders younger than `settle` may still be missing in a reply.
  proof(const std::vector<core::window>& proven, std::chrono::seconds settle) : trusted_(proven), settle_(settle) {}

  void add(const core::window& w) { trusted_.add(w); }
  void take_back(const core::window& w) {
    trusted_.remove(w);
    doubted_.remove(w);
  }
  void use_settle(std::chrono::seconds settle) noexcept { settle_ = settle; }
  // Doubts and trusts again by what the clock says now.
  void reassess(const moment& now);

  const interval_set& trusted() const noexcept { return trusted_; }

 private:
  interval_set trusted_;
  interval_set doubted_;
  std::chrono::seconds settle_;
  std::chrono::seconds doubted_at_{};  // by how much the server's clock was ahead of the steady one then
};

}  // namespace ordersync::sync::schedule
