#include "app/http/push_listener.hpp"

#include "app/setup/wiring.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::http {

namespace asio = boost::asio;
using service::http_answer;
using service::http_request;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// More than the vendor was ever seen to send; a longer flood gets 503, so that the vendor sends it again.
// What is not signed does not count: anybody can send that.
constexpr double most_per_second = 2'000;
constexpr double most_at_once = 2'000;
// Of anything, where small: judging must leave time for all else on this thread. Each secret is tried on each byte.
constexpr double most_judged_per_second = 10'000;
constexpr double most_judged_at_once = 10'000;
constexpr double bytes_that_cost_one = 4'096;
constexpr std::chrono::minutes signature_logged_every{1};

// A proxy holds few connections; each takes 80 KiB at most.
service::http_limits limits() {
  service::http_limits limits;
  limits.connections = 256;
  return limits;
}

std::shared_ptr<store::database> open_database(const setup::configuration& from, const std::string& instance,
                                               core::log& log) {
  auto settings = setup::store_settings_of(from);
  settings.instance = instance;
  settings.retry.give_up_after = 0ms;  // the writer tries again itself
  return store::make_database(std::move(settings), log);
}

}  // namespace

push_listener::push_listener(dependencies around)
    : around_(std::move(around)),
      writer_({around_.executor, around_.observers, around_.log, around_.stored}),
      reading_(most_judged_per_second, most_judged_at_once),
      rate_(most_per_second, most_at_once),
      ended_(around_.executor, steady_clock::time_point::max()),
      tasks_(around_.executor, [this] { ended_.cancel(); }) {}

core::result<void> push_listener::open(const setup::configuration& from) {
  if (!from.settings.push.listen) return {};
  auto listening = listen(*from.settings.push.listen);
  if (listening.has_error()) return listening;
  push_ = from.settings.push;
  take_over(from);
  return {};
}

void push_listener::reconfigure(const setup::configuration& from) {
  const auto& push = from.settings.push;
  if (push.listen && push.listen == push_.listen)
    push_.path = push.path;
  else if (push.listen)
    move(push);
  else
    end_listening();
  if (push_.listen) take_over(from);
}

// Where the port stays, the old address may cover the new one, so it has to go first.
void push_listener::move(const config::push_settings& push) {
  const auto former = push_;
  const bool same_port = former.listen && former.listen->port == push.listen->port;
  if (same_port) end_listening();
  const auto listening = listen(*push.listen);
  if (listening.has_value()) {
    push_ = push;
    return;
  }
  bool listens = former.listen.has_value();
  if (same_port) {
    listens = listen(*former.listen).has_value();
    if (listens) push_ = former;
  }
  around_.log.write(core::severity::error, "push_not_moved",
                    {{"reason", listening.error().what},
                     {"advice", listens ? "the listener stays at its old address; correct push.listen and reload"
                                        : "no push messages are accepted; correct push.listen and reload"}});
}

core::result<void> push_listener::listen(const config::listen_address& at) {
  auto server = service::make_http_server(around_.executor, around_.log, limits(), "push.listen");
  for (const bool post : {true, false})
    server->route(post, "", [this](http_request request) { return answer(std::move(request)); });
  const auto listening = server->listen(at.host, at.port);
  if (listening.has_error()) return listening.error();
  end_listening();
  around_.log.write(core::severity::info, "push_listening", {{"address", *listening}});
  listening_ = *listening;
  tasks_.spawn(server->run());
  servers_.push_back(std::move(server));
  return {};
}

void push_listener::end_listening() noexcept {
  if (!servers_.empty()) servers_.back()->close();
  push_ = {};
  listening_.clear();
}

void push_listener::take_over(const setup::configuration& from) {
  secrets_ = push_secrets_of(from);
  writer_.use(open_database(from, around_.self.id, around_.log));
  if (!std::exchange(writing_, true)) tasks_.spawn(writer_.run());
}

// The path may change while it listens.
asio::awaitable<http_answer> push_listener::answer(http_request request) {
  if (request.path != push_.path) co_return http_answer{.status = 404, .body = "not found\n"};
  if (!request.post) co_return refuse("other");
  co_return co_await take(std::move(request));
}

asio::awaitable<http_answer> push_listener::take(http_request request) {
  const auto arrived = steady_clock::now();
  const auto signed_bytes = static_cast<double>(request.body.size() * std::max<std::size_t>(1, secrets_.size()));
  const auto cost = 1 + signed_bytes / bytes_that_cost_one;
  if (!reading_.take(arrived, cost)) co_return refuse("rate");
  auto judged = judge_push(request, secrets_);
  if (!judged.message) co_return refuse(judged.reason);
  if (!rate_.take(arrived)) co_return refuse("rate");
  auto message = std::move(*judged.message);
  const auto outcome = co_await writer_.store(std::move(message), arrived, arrived + around_.answered_within);
  if (outcome != "stored") co_return refuse(outcome);
  co_return push_answer(outcome);
}

http_answer push_listener::refuse(std::string_view reason) {
  writer_.count_refusal(reason);
  const auto now = steady_clock::now();
  if (reason == "signature" && now - signature_logged_at_ > signature_logged_every) {
    signature_logged_at_ = now;
    around_.log.write(core::severity::warning, "push_signature_refused",
                      {{"reason", "the signature of a push message is wrong or missing"}});
  }
  return push_answer(reason);
}

void push_listener::close() noexcept {
  writer_.stop();
  for (const auto& server : servers_) server->close();
}

asio::awaitable<void> push_listener::join() {
  while (!tasks_.empty()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  tasks_.rethrow();
}

}  // namespace ordersync::app::http
