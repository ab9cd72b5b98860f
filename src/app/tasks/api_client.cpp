#include "app/tasks/api_client.hpp"

#include "app/setup/clock_and_random.hpp"
#include "sync/flow/retry.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;
using std::chrono::steady_clock;

core::result<std::unique_ptr<api_client>> api_client::make(const asio::any_io_executor& executor,
                                                           const setup::configuration& from, std::size_t index,
                                                           core::log& log, const setup::source_maker& make_api) {
  auto source = make_api(executor, from, index, setup::wall_clock(), log);
  if (source.has_error()) return source.error();
  return std::make_unique<api_client>(executor, from, index, std::move(*source), log);
}

api_client::api_client(const asio::any_io_executor& executor, const setup::configuration& from, std::size_t index,
                       std::unique_ptr<sync::order_source> source, core::log& log)
    : configuration_(from),
      account_(from.settings.accounts[index].name),
      source_(std::move(source)),
      log_(log),
      turns_(executor, setup::admission_rules_of(from.settings.sync)),
      wait_(executor),
      random_(setup::random_source()) {}

asio::awaitable<core::result<sync::page>> api_client::ask(sync::page_request request) {
  sync::flow::retry tries({});
  for (;;) {
    auto turn = co_await turns_.enter(sync::flow::urgency::backfill, account_);
    ++calls_;
    const auto deadline = steady_clock::now() + configuration_.settings.api.request_timeout;
    auto reply = co_await source_->fetch(request, deadline);
    turn.leave();
    if (reply.has_value()) {
      const auto ended = turns_.succeeded(account_);
      sync::flow::log_recovery(log_, account_, ended, steady_clock::now());
      co_return reply;
    }
    turns_.failed(account_);
    const auto pause = stopping_ ? std::nullopt : tries.after(reply.error(), random_());
    if (!pause) co_return reply;
    if (reply.error().kind == core::failure::overloaded) turns_.throttled(account_, *pause);
    log_.write(core::severity::warning, "request_retry",
               {{"account", account_},
                {"range", core::to_text(request.window)},
                {"page", request.page},
                {"attempt", tries.failed_tries() + 1},
                {"wait", *pause},
                {"failure", core::name(reply.error().kind)},
                {"reason", reply.error().what}});
    wait_.expires_after(*pause);
    co_await wait_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopping_) co_return reply;
  }
}

asio::awaitable<core::result<std::int64_t>> api_client::count(core::window window, std::optional<int> status) {
  sync::page_request request{.window = window, .page = 1, .page_size = 1, .status = status};
  const auto page = co_await ask(std::move(request));
  if (page.has_error()) co_return page.error();
  co_return page->total;
}

void api_client::stop() {
  stopping_ = true;
  source_->close();
  wait_.cancel();
}

}  // namespace ordersync::app::tasks
