#include "pandapon/tls_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

#include <sys/socket.h>
#include <utility>

namespace ordersync::test_support {

namespace asio = boost::asio;
using boost::system::error_code;

tls_session::tls_session(asio::ip::tcp::socket socket, asio::ssl::context& context, int number)
    : stream_(std::move(socket), context), number_(number) {}

bool tls_session::shake_hands() {
  error_code failed;
  stream_.handshake(asio::ssl::stream_base::server, failed);
  return !failed;
}

std::string tls_session::server_name() const {
  const auto* ssl = const_cast<tls_session*>(this)->stream_.native_handle();
  const auto* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? std::string{} : std::string(name);
}

std::string tls_session::read_request() {
  std::string request;
  error_code failed;
  const auto head = asio::read_until(stream_, asio::dynamic_buffer(request), "\r\n\r\n", failed);
  if (failed) return {};
  constexpr std::string_view field = "Content-Length: ";
  const auto at = request.find(field);
  const auto length = at == std::string::npos ? 0 : std::stoul(request.substr(at + field.size()));
  while (!failed && request.size() < head + length) {
    asio::read(stream_, asio::dynamic_buffer(request), asio::transfer_exactly(head + length - request.size()), failed);
  }
  return failed ? std::string{} : request;
}

bool tls_session::write(std::string_view bytes) {
  error_code failed;
  asio::write(stream_, asio::buffer(bytes), failed);
  return !failed;
}

void tls_session::wait_for_close() {
  std::string rest;
  error_code failed;
  while (!failed) {
    asio::read(tcp(), asio::dynamic_buffer(rest), asio::transfer_at_least(1), failed);
    rest.clear();
  }
}

void tls_session::send_close_notify() {
  error_code ignored;
  stream_.shutdown(ignored);
}

void tls_session::close() {
  ::shutdown(tcp().native_handle(), SHUT_RDWR);
}

tls_server::tls_server(const server_credentials& credentials, script run, manner how)
    : context_(asio::ssl::context::tls_server),
      acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}),
      run_(std::move(run)),
      plain_(how.plain) {
  auto* const context = context_.native_handle();
  if (how.old_tls || how.weak) SSL_CTX_set_security_level(context, 0);
  context_.use_certificate_chain_file(credentials.certificate_file.string());
  context_.use_private_key_file(credentials.key_file.string(), asio::ssl::context::pem);
  if (how.old_tls) SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, how.old_tls      ? TLS1_1_VERSION
                                         : how.newest_tls ? TLS1_3_VERSION
                                                          : TLS1_2_VERSION);
  if (how.wants_certificate) SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  accepting_ = std::thread([this] { accept(); });
}

tls_server::~tls_server() {
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // wakes the accepting thread, which close() would not
  accepting_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& session : sessions_) session->close();
  }
  for (auto& thread : threads_) thread.join();
}

void tls_server::accept() {
  for (;;) {
    error_code failed;
    auto socket = acceptor_.accept(failed);
    if (failed) return;
    // What a script has written has then left: tests may rely on it.
    socket.set_option(asio::ip::tcp::no_delay(true), failed);
    const std::lock_guard lock(mutex_);
    auto session = std::make_shared<tls_session>(std::move(socket), context_, connections_++);
    sessions_.push_back(session);
    threads_.emplace_back([this, session] { serve(session); });
  }
}

void tls_server::serve(const std::shared_ptr<tls_session>& session) {
  if (!plain_) {
    if (!session->shake_hands()) return session->close();
    ++handshakes_;
  }
  run_(*session);
  session->close();
}

std::string http_ok(std::string_view body, std::string_view more_headers) {
  std::string reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  reply.append(more_headers).append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  return reply.append(body);
}

}  // namespace ordersync::test_support
