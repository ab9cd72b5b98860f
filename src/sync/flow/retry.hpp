#pragma once
// Whether and when to send a failed request again. Pure: randomness is brought by the caller.
//
// The wait is drawn from zero to a ceiling that doubles ("full jitter"), so that many clients that failed together do
// not come back together.

#include "core/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace ordersync::sync::flow {

struct retry_rules {
  // Eight tries wait 15 s together on average, 31 s at most: long enough for a restart of the API or of the network,
  // short enough for a command to report that it is gone.
  int tries = 8;
  std::chrono::milliseconds first_ceiling{250};
  std::chrono::milliseconds last_ceiling{15'000};
  // The API answering "later" is not broken: these tries are counted apart. The rate budget slows down at each.
  int overload_tries = 60;
  // A daemon outlasts it all: while nothing of the account succeeds, a request is tried again without end, also where
  // the credentials or the certificate are refused, for people fix that.
  bool outlast = false;
  std::chrono::milliseconds refused_ceiling{60'000};
};

class retry {
 public:
  explicit retry(retry_rules rules) : rules_(rules) {}

  // The wait before the next try, or none when it is not to be sent again. `random` is any 64 bits. `alone`: other
  // requests of the account succeeded since this one first failed, so that waiting for them to be well is no use.
  std::optional<std::chrono::milliseconds> after(const core::error& failed, std::uint64_t random, bool alone = true);

  // Tries made so far that failed.
  int failed_tries() const noexcept { return broken_ + overloaded_ + outlasted_; }

 private:
  std::optional<std::chrono::milliseconds> ceiling(const core::error& failed, bool alone);

  retry_rules rules_;
  int broken_ = 0;
  int overloaded_ = 0;
  int outlasted_ = 0;
};

}  // namespace ordersync::sync::flow
