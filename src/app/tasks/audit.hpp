#pragma once
// Proves once more, in other ways, what is proven: other windows, sums over the statuses, another page size, an order
// by its number. It spends a small share of the rate (sync.audit) for as long as the daemon leads. What contradicts the
// proof takes it back, is reported, and has the API tried for the reason.
//
// One I/O thread. What is given outlives it.

#include "app/tasks/api_trials.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ordersync::app::tasks {

class audit {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::database& database;
    core::log& log;
    api_trials& trials;
    sync::order_source& source;
    std::function<core::second()> server_now;
    std::function<const std::vector<core::window>&()> proven;          // ascending, disjoint
    std::function<void(const std::vector<core::window>&)> taken_back;  // proof that fell
  };

  audit(dependencies around, std::size_t index);

  // Until it is stopped.
  boost::asio::awaitable<void> run();
  void stop() noexcept;

 private:
  enum class way { slice, statuses, page_size, number };
  struct check {
    way how = way::slice;
    sync::evidence::witness order;  // what it is about, or around
    core::window window;            // within proven time
    std::int64_t calls = 0;
    std::int64_t orders = 0;
    std::int64_t expected = 0, found = 0;
    std::string wrong;  // how the proof is contradicted; empty: it is not
  };
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  answer<std::int64_t> perform_next();
  answer<void> perform(check& of);
  answer<void> compare_count(check& of);
  answer<void> compare_statuses(check& of);
  answer<void> compare_pages(check& of);
  answer<void> compare_number(check& of);
  answer<std::int64_t> count(check& of);
  answer<std::int64_t> count(check& of, std::optional<int> status);
  answer<std::vector<store::maintenance::held_order>> held(const core::window& window);
  answer<void> conclude(check of);
  std::optional<core::window> proven_around(const core::window& created, std::chrono::seconds longest) const;
  std::chrono::nanoseconds pause_after(std::int64_t calls) const;
  const std::string& account() const;

  dependencies around_;
  std::size_t index_;
  std::function<std::uint64_t()> random_;
  boost::asio::steady_timer pause_;
  std::uint64_t performed_ = 0;
  bool stopping_ = false;
};

}  // namespace ordersync::app::tasks
