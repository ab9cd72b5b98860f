#pragma once
// Which orders that push messages named are to be read, and when. Pure: the caller brings the time. One thread.
//
// Messages of one order that come before its read is sent are one read; from then on there is one read in two seconds.
// What the API does not show is tried again after 2, 10 and 60 s, then left to its window. An order whose read fails
// while others succeed rests longer each time, 80 s at most, and is left to its window after six; one whose read is
// outdated 10 min at most. Bounded: what does
// not fit waits in the database.

#include "store/push/messages.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::freshness {

class pushed_orders {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using order_numbers = store::push::order_numbers;

  static constexpr std::size_t most_orders = 2'000;
  static constexpr std::size_t most_messages = 20'000;

  struct due_order {
    std::string key;
    order_numbers about;
  };

  void add(const store::push::taken_message& message, time_point now);
  // How many more messages may be added.
  std::size_t room() const noexcept;
  std::size_t orders() const noexcept { return orders_.size(); }

  // Those whose time has come, the longest due first. Each is in progress until one of the five below is called.
  std::vector<due_order> take(time_point now, std::size_t most);

  // The API showed it: the messages that this answers, oldest first. Those that came meanwhile wait for the next read.
  std::vector<std::int64_t> found(const std::string& key);
  // It did not: the messages that are given up, oldest first; empty: it is tried again.
  std::vector<std::int64_t> not_shown(const std::string& key, time_point now);
  // Its read failed, and others did not: the messages that are given up, oldest first; empty: it is tried again.
  std::vector<std::int64_t> failed(const std::string& key, time_point now);
  // What it showed may be older than what is stored: it is read again.
  void outdated(const std::string& key, time_point now);
  // It was not read.
  void put_back(const std::string& key, time_point not_before);

  // All that were added and neither answered nor given up.
  std::vector<std::int64_t> messages() const;

  // When take() gives some; none: not before something is added.
  std::optional<time_point> next() const noexcept;

 private:
  struct entry {
    order_numbers about;
    std::vector<std::int64_t> messages;
    std::size_t answered = 0;  // of them, by the read in progress
    std::size_t attempts = 0;  // reads that did not show it
    int failures = 0;          // reads that failed, others did not
    int outdated = 0;          // reads in vain, one after the other
    time_point due{};
    time_point read_at{};  // the last read, which was sent a moment later
    bool in_progress = false;
  };

  static time_point after(time_point now, std::chrono::seconds first, int doublings);
  void forget_idle(time_point now);
  std::vector<std::int64_t> conclude(entry& of);

  std::map<std::string, entry> orders_;
  std::size_t messages_ = 0;
};

}  // namespace ordersync::app::freshness
