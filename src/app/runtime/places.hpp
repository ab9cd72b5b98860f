#pragma once
// A number of places for work that takes much memory, first come, first served. One I/O thread. Outlives every place.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <optional>
#include <utility>

namespace ordersync::app::runtime {

class places {
 public:
  // Given back when destroyed.
  class place {
   public:
    explicit place(places& of) noexcept : of_(&of) {}
    place(place&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    place& operator=(place&&) = delete;
    // NOLINTNEXTLINE(bugprone-exception-escape): cancel() throws in theory alone
    ~place() {
      if (of_ != nullptr) of_->give_back();
    }

   private:
    places* of_;
  };

  places(boost::asio::any_io_executor executor, int count) : executor_(std::move(executor)), free_(count) {}
  places(const places&) = delete;
  places& operator=(const places&) = delete;

  // Returns when there is one; none: see give_up. `who` tells those who wait apart.
  boost::asio::awaitable<std::optional<place>> take(const void* who);
  // Ends the waits of `who` without a place.
  void give_up(const void* who);

 private:
  struct waiter {
    boost::asio::steady_timer turn;
    const void* who;
    bool admitted = false;
    bool gone = false;
  };

  void give_back();

  boost::asio::any_io_executor executor_;
  int free_;
  std::list<waiter> waiting_;  // those that are admitted or gone leave it by themselves
};

}  // namespace ordersync::app::runtime
