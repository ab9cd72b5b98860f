#include "pandapon/http/resolve.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace ordersync::pandapon::http {
namespace {

namespace asio = boost::asio;

core::error cannot_resolve(const first_hop& hop, std::string_view why) {
  return core::make_error(
      core::failure::unreachable,
      fmt::format("cannot resolve {}: {}; check {} and this machine's name servers", hop.shown, why, hop.setting));
}

// Shared by whoever waits and the thread that asks.
class lookup {
 public:
  explicit lookup(asio::steady_timer& timer) : timer_(&timer) {}

  // On the I/O thread: whoever waited has gone.
  void abandon() {
    const std::lock_guard lock(mutex_);
    timer_ = nullptr;
  }

  // On the thread that asked. While the lock is held the waiting coroutine, and so its executor, is there.
  static void deliver(const std::shared_ptr<lookup>& self, host_answer made) {
    const std::lock_guard lock(self->mutex_);
    if (self->timer_ == nullptr) return;
    self->answer_ = std::move(made);
    asio::post(self->timer_->get_executor(), [self] { self->wake(); });
  }

  std::optional<host_answer> take() {
    const std::lock_guard lock(mutex_);
    return std::move(answer_);
  }

 private:
  void wake() {
    const std::lock_guard lock(mutex_);
    if (timer_ != nullptr) timer_->cancel();
  }

  std::mutex mutex_;
  asio::steady_timer* timer_;
  std::optional<host_answer> answer_;
};

// Leaves the look-up, whichever way the coroutine ends.
class visit {
 public:
  visit(std::unordered_set<asio::steady_timer*>& waiting, asio::steady_timer& timer, std::shared_ptr<lookup> shared)
      : waiting_(waiting), timer_(timer), lookup_(std::move(shared)) {
    waiting_.insert(&timer_);
  }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;
  ~visit() {
    waiting_.erase(&timer_);
    lookup_->abandon();
  }

 private:
  std::unordered_set<asio::steady_timer*>& waiting_;
  asio::steady_timer& timer_;
  std::shared_ptr<lookup> lookup_;
};

}  // namespace

host_answer look_up_host(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  host_answer made;
  made.error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  for (const auto* one = found; one != nullptr; one = one->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (one->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    endpoint.resize(one->ai_addrlen);
    made.addresses.push_back(endpoint);
  }
  if (found != nullptr) freeaddrinfo(found);
  return made;
}

asio::awaitable<core::result<tcp_addresses>> host_resolver::resolve(first_hop hop,
                                                                    std::chrono::steady_clock::time_point deadline) {
  boost::system::error_code is_a_name;
  const auto literal = asio::ip::make_address(hop.host, is_a_name);
  if (!is_a_name) co_return tcp_addresses{{literal, hop.port}};
  asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
  const auto shared = std::make_shared<lookup>(timer);
  const visit here(waiting_, timer, shared);
  try {
    std::thread([shared, hop, look_up = look_up_] { lookup::deliver(shared, look_up(hop.host, hop.port)); }).detach();
  } catch (const std::system_error& e) {
    co_return cannot_resolve(hop, e.what());
  }
  const auto [ended] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  auto made = shared->take();
  if (!made) co_return cannot_resolve(hop, ended ? "the look-up was cancelled" : "no answer in time");
  if (made->error != 0) co_return cannot_resolve(hop, gai_strerror(made->error));
  if (made->addresses.empty()) co_return cannot_resolve(hop, "it has none");
  co_return std::move(made->addresses);
}

void host_resolver::cancel() noexcept {
  for (auto* timer : waiting_) timer->cancel();
}

}  // namespace ordersync::pandapon::http
