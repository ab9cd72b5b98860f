#include "server.hpp"

#include "push/sender.hpp"
#include "session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace pandapon_sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
/// How often --live and --mutate are caught up with.
constexpr auto tick = std::chrono::milliseconds(50);

asio::ssl::context make_tls(const options& set) {
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  tls.use_certificate_chain_file(set.tls_cert);
  tls.use_private_key_file(set.tls_key, asio::ssl::context::pem);
  return tls;
}

tcp::acceptor listen_on(asio::io_context& io, const options& set) {
  try {
    return {io, tcp::endpoint(asio::ip::make_address(set.host), set.port)};
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(
        fmt::format("--listen: cannot listen on {}:{}: {}", set.host, set.port, error.code().message()));
  }
}

}  // namespace

struct server::implementation {
  asio::io_context& io;
  world& w;
  asio::ssl::context tls;
  tcp::acceptor acceptor;
  push_sender pushing;

  implementation(asio::io_context& context, world& whole)
      : io(context),
        w(whole),
        tls(make_tls(whole.set)),
        acceptor(listen_on(context, whole.set)),
        pushing(context, whole) {}

  asio::awaitable<void> accept_all() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(as_values);
      if (error == asio::error::operation_aborted) co_return;
      if (error) continue;
      ++w.stats.connections;
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      asio::co_spawn(io, serve_connection(tls_stream(std::move(socket), tls), w), report);
    }
  }

  asio::awaitable<void> let_time_pass() {
    asio::steady_timer timer(io, std::chrono::steady_clock::now());
    for (;;) {
      const auto before = timer.expiry();
      timer.expires_at(before + tick);
      const auto [error] = co_await timer.async_wait(as_values);
      if (error) co_return;
      advance(w, vendor_now(w), tick.count());
    }
  }
};

server::server(asio::io_context& io, world& w) : implementation_(std::make_unique<implementation>(io, w)) {}

server::~server() = default;

void server::start() {
  implementation_->w.started = vendor_now(implementation_->w);
  asio::co_spawn(implementation_->io, implementation_->accept_all(), report);
  const options& set = implementation_->w.set;
  if (set.live > 0 || set.mutate > 0) asio::co_spawn(implementation_->io, implementation_->let_time_pass(), report);
  implementation_->pushing.start();
}

std::string server::address() const {
  const tcp::endpoint at = implementation_->acceptor.local_endpoint();
  const std::string host = at.address().to_string();
  return fmt::format("{}:{}", at.address().is_v6() ? "[" + host + "]" : host, at.port());
}

}  // namespace pandapon_sim
