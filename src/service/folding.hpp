#pragma once
// Keeps the same problem from filling the log: what is reported again and again is written once in a while, with the
// number of times it was not. Its end is written where the problem was, so that the last line says how things are.
// Pure: the caller brings the time. One thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ordersync::service {

class folding {
 public:
  using clock = std::chrono::steady_clock;

  // Who reports: somebody who sees the whole problem, or a part of the program that has met with it. While one who sees
  // the whole has reported it, no part reports its end.
  enum class reporter { whole, part };

  // Whether an event of this key is to be written at `now`, at most one every `every`: how many were suppressed since
  // the last one that was. None: this one is suppressed.
  std::optional<std::uint64_t> admit(const std::string& key, clock::time_point now, std::chrono::seconds every,
                                     reporter by = reporter::whole);

  // Whether the end of that problem is to be written: only after a line about it was. As above, how many were
  // suppressed.
  std::optional<std::uint64_t> admit_end(const std::string& key, reporter by = reporter::whole);

 private:
  struct entry {
    clock::time_point at;
    std::uint64_t suppressed = 0;
    bool open = true;    // written, and its end was not
    bool whole = false;  // reported by who sees the whole of it, written or not
  };
  void forget_old(clock::time_point now, std::chrono::seconds every);

  std::map<std::string, entry> entries_;
};

}  // namespace ordersync::service
