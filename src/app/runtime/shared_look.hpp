#pragma once
// A look at something slow, shared by everybody who asks: one at a time, its result kept for a while, and nobody waits
// for long. So that however many look at the page, the database is asked once.
//
// One I/O thread. Outlived by its task_group, which is empty before this goes.

#include "app/runtime/task_group.hpp"
#include "core/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ordersync::app::runtime {

template <class T>
class shared_look {
 public:
  using clock = std::chrono::steady_clock;
  using looker = std::function<boost::asio::awaitable<core::result<T>>()>;

  struct seen {
    std::shared_ptr<const T> value;          // the last that was had; none: never yet
    clock::time_point at{};                  // when it was had
    std::optional<core::failure> failure{};  // why the last look did not work
  };

  shared_look(boost::asio::any_io_executor executor, task_group& tasks, looker look)
      : executor_(std::move(executor)), tasks_(tasks), look_(std::move(look)) {}

  // Fresh, or after a while whatever there is.
  boost::asio::awaitable<seen> get() {
    if (clock::now() < fresh_until_) co_return last_;
    auto alarm = std::make_shared<boost::asio::steady_timer>(executor_, longest_wait);
    waiting_.push_back(alarm);
    if (!std::exchange(looking_, true)) tasks_.spawn(look());
    co_await alarm->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return last_;
  }

  // What is known is not true any more: the next who asks gets a look that begins after this.
  void forget() {
    fresh_until_ = {};
    again_ = looking_;
  }

 private:
  // Kept for so long, or ten times as long as it took to get: a look may cost the database a tenth of its time at most.
  static constexpr std::chrono::milliseconds kept{1'900};
  static constexpr int share = 10;
  // Shorter than people wait.
  static constexpr std::chrono::seconds longest_wait{4};

  // However the look ends, nobody waits for it any more and the next who asks gets another.
  struct end_of_look {
    explicit end_of_look(shared_look& look) : of(look) {}
    end_of_look(const end_of_look&) = delete;
    end_of_look& operator=(const end_of_look&) = delete;
    ~end_of_look() {
      of.looking_ = false;
      // Set off, not cancelled: whoever is about to begin waiting sees that too.
      for (const auto& alarm : std::exchange(of.waiting_, {})) alarm->expires_at(clock::time_point::min());
    }
    shared_look& of;
  };

  boost::asio::awaitable<void> look() {
    const end_of_look end{*this};
    do {
      again_ = false;
      const auto began = clock::now();
      auto result = co_await look_();
      const auto ended = clock::now();
      if (result.has_value())
        last_ = {std::make_shared<const T>(std::move(*result)), ended, std::nullopt};
      else
        last_.failure = result.error().kind;
      fresh_until_ = ended + std::max<clock::duration>(kept, share * (ended - began));
    } while (again_);
  }

  boost::asio::any_io_executor executor_;
  task_group& tasks_;
  looker look_;
  seen last_;
  clock::time_point fresh_until_{};
  bool looking_ = false;
  bool again_ = false;  // a look that began before what it is to see
  std::vector<std::shared_ptr<boost::asio::steady_timer>> waiting_;
};

}  // namespace ordersync::app::runtime
