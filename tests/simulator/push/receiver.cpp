#include "simulator/push/receiver.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace pandapon_sim::testing {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

}  // namespace

struct receiver::implementation {
  answering answer;
  asio::io_context io{1};
  std::optional<asio::ssl::context> tls;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};
  std::mutex guard;
  std::condition_variable came;
  std::vector<received> all;
  std::atomic<std::size_t> connections = 0;
  std::thread thread;

  unsigned keep(received what) {
    const std::lock_guard lock(guard);
    all.push_back(std::move(what));
    came.notify_all();
    return answer(all.back(), all.size() - 1);
  }

  template <class Stream>
  asio::awaitable<void> serve(Stream stream) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request<http::string_body> asked;
      const auto [gone, size] = co_await http::async_read(stream, buffer, asked, as_values);
      if (gone) co_return;
      received what{std::string(asked.method_string()), std::string(asked.target()),
                    std::string(asked[http::field::authorization]), asked.body()};
      const unsigned status = keep(std::move(what));
      if (status == 0) continue;  // reads on, until the sender has waited long enough
      http::response<http::string_body> reply(static_cast<http::status>(status), 11);
      reply.prepare_payload();
      const auto [failed, sent] = co_await http::async_write(stream, reply, as_values);
      if (failed) co_return;
    }
  }

  asio::awaitable<void> serve_safely(tcp::socket socket) {
    asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls);
    const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, as_values);
    if (!failed) co_await serve(std::move(stream));
  }

  asio::awaitable<void> accept_all() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(as_values);
      if (error) co_return;
      ++connections;
      if (tls) {
        asio::co_spawn(io, serve_safely(std::move(socket)), asio::detached);
      } else {
        asio::co_spawn(io, serve(std::move(socket)), asio::detached);
      }
    }
  }
};

receiver::receiver(answering answer, std::optional<ordersync::test_support::server_credentials> tls)
    : implementation_(std::make_unique<implementation>()) {
  implementation_->answer = std::move(answer);
  if (tls) {
    implementation_->tls.emplace(asio::ssl::context::tls_server);
    implementation_->tls->use_certificate_chain_file(tls->certificate_file.string());
    implementation_->tls->use_private_key_file(tls->key_file.string(), asio::ssl::context::pem);
  }
  asio::co_spawn(implementation_->io, implementation_->accept_all(), asio::detached);
  implementation_->thread = std::thread([this] { implementation_->io.run(); });
}

receiver::~receiver() {
  implementation_->io.stop();
  implementation_->thread.join();
}

std::uint16_t receiver::port() const {
  return implementation_->acceptor.local_endpoint().port();
}

std::vector<received> receiver::wait_for(std::size_t requests) {
  std::unique_lock lock(implementation_->guard);
  const bool here = implementation_->came.wait_for(lock, std::chrono::seconds(180),
                                                   [&] { return implementation_->all.size() >= requests; });
  if (!here) throw std::runtime_error("the messages did not come: " + std::to_string(implementation_->all.size()));
  return implementation_->all;
}

std::size_t receiver::connections() const {
  return implementation_->connections;
}

}  // namespace pandapon_sim::testing
