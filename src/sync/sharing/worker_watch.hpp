#pragma once
// Which workers are gone, judged by how long a sign of life has stayed the same while we looked. By our steady clock
// alone: the database's may jump, and after a failover it is another machine's. Pure. One thread.

#include "sync/sharing/sharing.hpp"

#include <chrono>
#include <map>
#include <string>

namespace ordersync::sync::sharing {

// Leases may be taken early, because whoever lost one cannot write any more. A worker without a session has ended, or
// lost the database, and then comes back within a second or two; one with a session may be slow.
inline constexpr std::chrono::milliseconds lost_without_session{2'000};
inline constexpr std::chrono::milliseconds lost_with_session{5'000};
// A slice may be taken only when its owner has stopped to use it, which it does `slice_lapses` after it began its last
// look. The difference is for what timers of both are late.
inline constexpr std::chrono::milliseconds slice_lapses{4'000};
inline constexpr std::chrono::milliseconds slice_free{5'000};
// Whoever is to take an account may be unable to, or not see yet that its owner is lost: after this anybody does.
inline constexpr std::chrono::milliseconds anybodys{1'000};

class worker_watch {
 public:
  // What a look has read, in the order of the looks.
  void saw(const view& seen);

  // At the last look; workers that it did not find are lost after a while, too.
  bool lost(const std::string& worker) const;
  bool stopped_sending(const std::string& worker) const;
  // For how long the account has had no owner but lost ones.
  std::chrono::nanoseconds ownerless(const std::string& account) const;

 private:
  struct sign {
    std::string beat;
    bool connected = false;
    time_point since{};        // it was first read by then
    time_point session_end{};  // of one without a session: that was first read by then
  };

  void note(const std::string& worker, const std::string& beat, bool connected, time_point at);

  std::map<std::string, sign> signs_;
  std::map<std::string, time_point> ownerless_since_;
  time_point looked_at_{}, looked_before_{};
};

}  // namespace ordersync::sync::sharing
