// The push messages that wait to be sent, and what becomes of them: lost, doubled, late, acknowledged, sent again,
// given up. Decides alone; push/sender.hpp sends. Grows with what waits, about 100 bytes a message. Times are epoch
// milliseconds. Single-threaded.
#pragma once

#include "catalogue.hpp"
#include "push/rules.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace pandapon_sim {

/// What a push request is about. Its text is made when it is sent.
struct push_item {
  event about;
  std::uint32_t account = 0;  // whose secret signs: 0 is the first account, n the nth of the others
  std::uint32_t repeats = 0;  // how often it was sent before
  bool wrong = false;         // signed with another secret
  bool verification = false;  // no message: a request of the console, unsigned and not sent again
};

/// pushed = acknowledged + given_up + waiting, verification requests apart.
struct push_counters {
  std::uint64_t pushed = 0;        // messages to be sent, the doubled ones twice, without the lost ones
  std::uint64_t acknowledged = 0;  // answered 200 in time
  std::uint64_t refused = 0;       // requests answered otherwise
  std::uint64_t unanswered = 0;    // requests without an answer in time
  std::uint64_t retried = 0;       // requests for messages sent before
  std::uint64_t lost_on_purpose = 0;
  std::uint64_t given_up = 0;  // messages that came again as often as they may
  std::uint64_t waiting = 0;   // messages to be sent, now or later, or being sent
  std::uint64_t verified = 0;  // verification requests answered 200
};

class push_queue {
 public:
  /// `seed` chooses the messages that go wrong.
  push_queue(push_rules rules, std::uint64_t seed) : rules_(std::move(rules)), seed_(seed) {}

  /// A message about `what`, to be sent when it happened, unless it is lost or late.
  void add(const event& what, std::uint32_t account);
  void add_verification(epoch_ms now);

  /// What is to be sent by now, the earliest first; none: nothing is due. The caller reports what comes of it.
  std::optional<push_item> take(epoch_ms now);
  /// `status` is that of the HTTP reply, 0 if none came in time.
  void answered(push_item item, unsigned status, epoch_ms now);

  const push_counters& counters() const { return counters_; }

 private:
  void wait(const push_item& item, epoch_ms due);

  push_rules rules_;
  std::uint64_t seed_;
  std::uint64_t messages_ = 0;  // ever, the lost ones too
  std::multimap<epoch_ms, push_item> waiting_;
  push_counters counters_;
};

}  // namespace pandapon_sim
