#include "service/http_server.hpp"

#include "service/http_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ordersync::service {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Beyond those that are served: answered that there are too many. Beyond these: cut off without a word.
constexpr std::size_t most_turned_away = 8;
// After a connection could not be taken, which is for want of file descriptors or memory.
constexpr std::chrono::seconds rest_after_failure{1};
// Of the line that says that as many as may be are open.
constexpr std::chrono::minutes full_every{1};

struct served_path {
  bool post = false;
  std::string path;
  http_handler handler;

  bool matches(std::string_view asked) const {
    const bool below = path.empty() || (path.size() > 1 && path.ends_with('/'));
    return below ? asked.starts_with(path) : asked == path;
  }
};

bool fits(const served_path& route, http_method method) {
  return route.post ? method == http_method::post : method == http_method::get || method == http_method::head;
}

std::string text_of(const tcp::endpoint& address) {
  const auto ip = address.address().to_string();
  return fmt::format(fmt::runtime(address.address().is_v6() ? "[{}]:{}" : "{}:{}"), ip, address.port());
}

class beast_server final : public http_server {
 public:
  beast_server(asio::any_io_executor executor, core::log& log, http_limits limits, std::string setting)
      : executor_(std::move(executor)),
        log_(log),
        limits_(limits),
        setting_(std::move(setting)),
        acceptor_(executor_),
        rest_(executor_),
        ended_(executor_, std::chrono::steady_clock::time_point::max()) {}

  void route(bool post, std::string path, http_handler handler) override {
    routes_.push_back({post, std::move(path), std::move(handler)});
    // The longest first: of two that match, the nearer one serves.
    std::ranges::stable_sort(routes_, std::ranges::greater{}, [](const auto& route) { return route.path.size(); });
  }

  core::result<std::string> listen(const std::string& host, std::uint16_t port) override {
    error_code failed;
    const auto address = asio::ip::make_address(host, failed);
    const tcp::endpoint wanted{address, port};
    if (!failed) acceptor_.open(wanted.protocol(), failed);
    // Addresses of connections that have just ended do not prevent listening; a second listener does.
    if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed) acceptor_.bind(wanted, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (!failed) return text_of(acceptor_.local_endpoint());
    error_code ignored;
    acceptor_.close(ignored);
    return core::make_error(core::failure::input,
                            fmt::format("{}: cannot listen on {} port {}: {}; choose an address of this host and a "
                                        "free port, or stop the program that uses it",
                                        setting_, host, port, failed.message()));
  }

  asio::awaitable<void> run() override {
    while (!closed_) {
      auto [failed, socket] = co_await acceptor_.async_accept(as_result);
      if (closed_) break;
      if (failed)
        co_await recover(failed);
      else
        take(std::move(socket));
    }
    while (!open_.empty()) co_await ended_.async_wait(as_result);
  }

  void close() noexcept override {
    closed_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    rest_.cancel();
    for (const auto& connection : open_) connection->cut();
  }

 private:
  asio::awaitable<void> recover(error_code failed) {
    log_.write(core::severity::warning, "endpoint_accept_failed", {{"reason", failed.message()}});
    rest_.expires_after(rest_after_failure);
    co_await rest_.async_wait(as_result);
  }

  void take(tcp::socket socket) {
    bool admitted = open_.size() < limits_.connections;
    if (!admitted) {
      report_full();
      admitted = make_room();
    }
    if (!admitted && open_.size() >= limits_.connections + most_turned_away) return;  // the socket's end closes it
    auto connection = std::make_shared<http_connection>(std::move(socket), limits_, dispatch_, admitted);
    open_.insert(connection);
    asio::co_spawn(executor_, connection->run(), [this, connection](std::exception_ptr thrown) {
      connection->cut();
      open_.erase(connection);
      if (thrown) log_.write(core::severity::error, "endpoint_failed", {{"path", "(connection)"}});
      ended_.cancel();
    });
  }

  // Ends the connection that has been idle for longest; false: none is.
  bool make_room() {
    const auto idle = [](const auto& connection) {
      return connection->idle_since().value_or(std::chrono::steady_clock::time_point::max());
    };
    const auto longest = std::ranges::min_element(open_, {}, idle);
    if (longest == open_.end() || !(*longest)->idle_since()) return false;
    (*longest)->cut();
    return true;
  }

  void report_full() {
    const auto now = std::chrono::steady_clock::now();
    if (now < full_silent_until_) return;
    full_silent_until_ = now + full_every;
    log_.write(core::severity::warning, "endpoint_full", {{"setting", setting_}, {"connections", limits_.connections}});
  }

  asio::awaitable<http_answer> answer(http_call call) {
    std::string allowed;
    const served_path* found = nullptr;
    for (const auto& route : routes_) {
      if (found != nullptr || !route.matches(call.request.path)) continue;
      if (fits(route, call.method)) found = &route;
      allowed += (allowed.empty() ? "" : ", ") + std::string{route.post ? "POST" : "GET, HEAD"};
    }
    if (found != nullptr) co_return co_await ask(*found, std::move(call.request));
    if (allowed.empty()) co_return plain_answer(404, "not found");
    auto refusal = plain_answer(405, "method not allowed");
    refusal.headers.emplace_back("Allow", allowed);
    co_return refusal;
  }

  // What came out of a handler is reported without its text, which may hold anything.
  asio::awaitable<http_answer> ask(const served_path& route, http_request request) {
    bool threw = false;
    http_answer answer;
    try {
      answer = co_await route.handler(std::move(request));
      http_head(answer, true);
    } catch (const std::exception&) {
      threw = true;
    }
    if (!threw) co_return answer;
    log_.write(core::severity::error, "endpoint_failed", {{"path", route.path}});
    co_return plain_answer(500, "internal error: a bug in ordersync; see its log");
  }

  asio::any_io_executor executor_;
  core::log& log_;
  http_limits limits_;
  const std::string setting_;
  http_dispatch dispatch_ = [this](http_call call) { return answer(std::move(call)); };
  std::vector<served_path> routes_;
  tcp::acceptor acceptor_;
  asio::steady_timer rest_;
  asio::steady_timer ended_;
  std::set<std::shared_ptr<http_connection>> open_;
  bool closed_ = false;
  std::chrono::steady_clock::time_point full_silent_until_{};
};

}  // namespace

std::unique_ptr<http_server> make_http_server(asio::any_io_executor executor, core::log& log, http_limits limits,
                                              std::string setting) {
  return std::make_unique<beast_server>(std::move(executor), log, limits, std::move(setting));
}

}  // namespace ordersync::service
