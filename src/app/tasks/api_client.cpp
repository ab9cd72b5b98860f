#include "app/tasks/api_client.hpp"

#include "app/setup/clock_and_random.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;

core::result<std::unique_ptr<api_client>> api_client::make(const asio::any_io_executor& executor,
                                                           const setup::configuration& from, std::size_t index,
                                                           core::log& log, const setup::source_maker& make_api) {
  auto source = make_api(executor, from, index, setup::wall_clock(), log);
  if (source.has_error()) return source.error();
  return std::make_unique<api_client>(executor, from, index, std::move(*source), log);
}

api_client::api_client(const asio::any_io_executor& executor, const setup::configuration& from, std::size_t index,
                       std::unique_ptr<sync::order_source> source, core::log& log)
    : account_(from.settings.accounts[index].name),
      source_(std::move(source)),
      turns_(executor, setup::admission_rules_of(from.settings.sync)),
      requests_(
          {turns_, &log, setup::random_source()},
          {.timeout = from.settings.api.request_timeout,
           .tries = {
               .retries = {}, .unusable_tries = 1, .oversized_tries = 1, .alone = sync::flow::ask_alone::never}}) {}

asio::awaitable<core::result<sync::page>> api_client::ask(sync::page_request request) {
  sync::flow::request_label label{.account = account_};
  return requests_.fetch(*source_, std::move(request), std::move(label));
}

asio::awaitable<core::result<sync::page>> api_client::look_up(std::string tb_order_id, core::window around) {
  sync::flow::gated_requests::send_once<sync::page> once = [&](std::chrono::steady_clock::time_point deadline,
                                                               std::function<void()> received) {
    return source_->look_up(tb_order_id, around, deadline, std::move(received));
  };
  sync::flow::request_label label{.account = account_, .range = around};
  co_return co_await requests_.send(std::move(once), std::move(label));
}

asio::awaitable<core::result<std::int64_t>> api_client::count(core::window window, std::optional<int> status) {
  sync::page_request request{.window = window, .page = 1, .page_size = 1, .status = status};
  const auto page = co_await ask(std::move(request));
  if (page.has_error()) co_return page.error();
  co_return page->total;
}

void api_client::stop() {
  requests_.stop();
  source_->close();
}

}  // namespace ordersync::app::tasks
