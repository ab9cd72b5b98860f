#pragma once
// Requests that a trial will send next unless an answer changes its course, sent before it comes to them, several at a
// time. Decides nothing: the trial takes the replies in its own order, each once, so that what it asks twice is sent
// twice. As soon as it asks for something else, all that was prefetched is cancelled and forgotten.
//
// One I/O thread. The requests refer to what the trial was given: await end() before that goes, whatever happened.

#include "core/error.hpp"
#include "core/time.hpp"
#include "sync/ports.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace ordersync::sync::trials {

// Sends one request behind the rate gate and tries it again where that may help. It lives as long as the trial.
using page_fetcher = std::function<boost::asio::awaitable<core::result<page>>(page_request)>;

class page_prefetch {
 public:
  struct planned {
    page_request request;
    bool after_others = false;  // sent only when all before it have been answered
  };
  struct arrived {
    core::result<page> reply;
    core::instant at;
  };

  // `most` requests are under way at once. `now`: the clock that dates what replies show.
  page_prefetch(boost::asio::any_io_executor executor, page_fetcher ask, std::function<core::instant()> now, int most);
  page_prefetch(const page_prefetch&) = delete;
  page_prefetch& operator=(const page_prefetch&) = delete;

  // Sends them in this order, after those that are planned already.
  void start(std::vector<planned> next);
  bool plans(const page_request& request) const;
  // The reply to a planned request. None where it was not planned, or was answered too long ago: it is to be sent now.
  // Throws what a request threw. The request outlives the wait.
  boost::asio::awaitable<std::optional<arrived>> take(const page_request& request);

  // Cancels what is under way and returns when nothing is. The caller turns throw_if_cancelled off, so that this waits
  // although the caller itself was cancelled. Throws what a request threw.
  boost::asio::awaitable<void> end();

  // Requests that were sent so far.
  std::int64_t calls() const noexcept { return calls_; }

 private:
  struct entry;
  using entry_list = std::list<std::shared_ptr<entry>>;

  entry_list::const_iterator find(const page_request& request) const;
  void send_what_may_leave();
  void send(const std::shared_ptr<entry>& one);
  void drop_all();
  boost::asio::awaitable<void> wait();
  void rethrow();

  boost::asio::any_io_executor executor_;
  page_fetcher ask_;
  std::function<core::instant()> now_;
  int most_;
  entry_list entries_;  // planned, under way or answered, in the order of sending
  boost::asio::steady_timer news_;
  int running_ = 0;  // those that were dropped included
  std::int64_t calls_ = 0;
  std::exception_ptr defect_;
};

}  // namespace ordersync::sync::trials
