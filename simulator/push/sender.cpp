#include "push/sender.hpp"

#include "push/announce.hpp"
#include "push/connection.hpp"
#include "session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace pandapon_sim {
namespace {

namespace asio = boost::asio;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t most_connections = 16;
/// How often it looks for what has happened.
constexpr auto tick = std::chrono::milliseconds(5);

asio::ssl::context make_tls(const push_rules& rules) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_verify_mode(asio::ssl::verify_peer);
  if (rules.ca_file.empty()) {
    tls.set_default_verify_paths();
  } else {
    tls.load_verify_file(rules.ca_file);
  }
  return tls;
}

}  // namespace

struct push_sender::implementation {
  asio::io_context& io;
  world& w;
  asio::ssl::context tls;
  std::vector<std::unique_ptr<push_connection>> idle;  // the last used is used next
  std::size_t busy = 0;

  implementation(asio::io_context& context, world& whole) : io(context), w(whole), tls(make_tls(whole.set.push)) {}

  std::unique_ptr<push_connection> take_connection() {
    if (idle.empty()) return make_push_connection(io.get_executor(), w.set.push, tls);
    auto out = std::move(idle.back());
    idle.pop_back();
    return out;
  }

  /// Sends `item`, and what else is due, over one connection.
  asio::awaitable<void> send(push_item first) {
    auto connection = take_connection();
    for (std::optional<push_item> item = first; item; item = w.pushes.take(vendor_now(w))) {
      const push_request request = write_request(w, *item);
      const unsigned status = co_await connection->post(request);
      w.pushes.answered(*item, status, vendor_now(w));
    }
    idle.push_back(std::move(connection));
    --busy;
  }

  void send_what_is_due() {
    while (busy < most_connections) {
      const std::optional<push_item> item = w.pushes.take(vendor_now(w));
      if (!item) return;
      ++busy;
      asio::co_spawn(io, send(*item), report);
    }
  }

  asio::awaitable<void> keep_sending() {
    asio::steady_timer timer(io);
    for (;;) {
      timer.expires_after(tick);
      const auto [error] = co_await timer.async_wait(as_values);
      if (error) co_return;
      announce_changes(w);
      send_what_is_due();
    }
  }
};

push_sender::push_sender(asio::io_context& io, world& w) : implementation_(std::make_unique<implementation>(io, w)) {}

push_sender::~push_sender() = default;

void push_sender::start() {
  world& w = implementation_->w;
  if (!w.set.push.target) return;
  if (w.set.push.verify) w.pushes.add_verification(vendor_now(w));
  asio::co_spawn(implementation_->io, implementation_->keep_sending(), report);
}

}  // namespace pandapon_sim
