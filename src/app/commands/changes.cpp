#include "app/commands/changes.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace ordersync::app::commands {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::int64_t numbers_at_a_time = 1000;
constexpr std::chrono::milliseconds until_next_look = 500ms;
constexpr std::chrono::milliseconds until_next_try = 1s;

class change_reader {
 public:
  change_reader(session& in, const changes_request& request, const change_listener& listener)
      : in_(in), request_(request), listener_(listener), timer_(in.executor()), after_(request.after) {}

  asio::awaitable<core::result<std::int64_t>> perform() {
    while (!stopped_) {
      auto reading = in_.database().feed().changes(after_, numbers_at_a_time, request_.account);
      const auto page = co_await std::move(reading);
      if (page.has_error()) {
        if (stopped_) break;
        if (!may_pass(page.error())) co_return page.error();
        co_await wait(until_next_try);
        continue;
      }
      note_answer();
      if (!hand_over(*page)) break;
      if (after_ < page->greatest) continue;
      if (!request_.follow) break;
      co_await wait(until_next_look);
    }
    co_return after_;
  }

  void stop() {
    stopped_ = true;
    timer_.cancel();
    in_.database().close();
  }

 private:
  // Whether to go on in spite of it. One that never answered is most likely another than was meant.
  bool may_pass(const core::error& why) {
    if (!request_.follow || !answered_ || why.kind != core::failure::database_down) return false;
    if (!std::exchange(away_, true))
      listener_.notice(fmt::format("{}; continues after change {} when the database is back", why.what, after_));
    return true;
  }
  void note_answer() {
    answered_ = true;
    if (std::exchange(away_, false))
      listener_.notice(fmt::format("the database is back; continues after change {}", after_));
  }
  bool hand_over(const store::feed::change_page& page) {
    for (const auto& one : page.changes) {
      if (!listener_.changed(one)) return false;
      after_ = one.number;
    }
    after_ = page.through;
    return true;
  }
  asio::awaitable<void> wait(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    if (!stopped_) co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }

  session& in_;
  const changes_request& request_;
  const change_listener& listener_;
  asio::steady_timer timer_;
  std::int64_t after_;
  bool stopped_ = false, answered_ = false, away_ = false;
};

}  // namespace

core::result<std::int64_t> read_changes(session& in, const changes_request& request, const change_listener& listener) {
  const auto restricted = in.run(in.database().feed().restricted());
  if (restricted.has_error()) return restricted.error();
  change_reader reader(in, request, listener);
  const auto stop = [&] { reader.stop(); };
  return *restricted ? in.run(reader.perform(), stop) : in.run_on_schema(reader.perform(), stop);
}

}  // namespace ordersync::app::commands
