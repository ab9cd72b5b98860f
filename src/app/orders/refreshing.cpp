#include "app/orders/refreshing.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/scope.hpp"
#include "app/tasks/limits.hpp"

#include <utility>

namespace ordersync::app::orders {

namespace asio = boost::asio;

refreshing::refreshing(tasks::task_dependencies around) : around_(std::move(around)) {}

asio::awaitable<core::result<void>> refreshing::perform(std::vector<std::string> numbers, refresh_listener listener) {
  if (auto current = co_await around_.database.require_current(); current.has_error()) co_return current.error();
  const auto clock = co_await around_.database.clock();
  if (clock.has_error()) co_return clock.error();
  observed_now_ = setup::observation_clock(*clock);
  refresh_dependencies with{.database = around_.database,
                            .apis = {},
                            .start = around_.from.settings.sync.start,
                            .now = std::chrono::ceil<std::chrono::seconds>(setup::wall_clock()()),
                            .reason = "asked for by ordersync order refresh"};
  for (std::size_t i = 0; i < around_.from.settings.accounts.size(); ++i) {
    auto api = co_await describe(i);
    if (api.has_error()) co_return api.error();
    with.apis.push_back(std::move(*api));
  }
  for (auto& number : numbers) {
    if (stop_.requested()) break;
    const auto results = co_await refresh(with, number);
    if (results.has_error()) co_return results.error();
    listener(*results);
  }
  co_return core::result<void>{};
}

asio::awaitable<core::result<order_api>> refreshing::describe(std::size_t index) {
  const auto& settings = around_.from.settings;
  order_api api{.account = settings.accounts[index].name, .limits = {}, .look_up = {}, .read_detail = {}};
  auto found = co_await around_.database.trials().limits(api.account);
  if (found.has_error()) co_return found.error();
  for (const auto& limit : tasks::limits_of(*found, settings.api.limits)) {
    if (limit.is.name == "longest_range") api.limits.longest_range = std::chrono::seconds{limit.is.value};
    if (limit.is.name == "nearest_end") api.limits.nearest_end = std::chrono::seconds{limit.is.value};
  }
  api.look_up = [this, index](std::string number, core::window range) {
    return look_up(index, std::move(number), range);
  };
  if (settings.details.enabled)
    api.read_detail = [this, index](details::wanted_detail what) { return read_detail(index, std::move(what)); };
  co_return api;
}

asio::awaitable<core::result<sync::page>> refreshing::look_up(std::size_t index, std::string tb_order_id,
                                                              core::window around) {
  const auto api = co_await api_of(index);
  if (api.has_error()) co_return api.error();
  co_return co_await (*api)->client->look_up(std::move(tb_order_id), around);
}

asio::awaitable<core::result<details::detail_reading>> refreshing::read_detail(std::size_t index,
                                                                               details::wanted_detail what) {
  const auto api = co_await api_of(index);
  if (api.has_error()) co_return api.error();
  co_return co_await (*api)->detail_requests->read(std::move(what));
}

// Opened when it is first needed: opening an account may change which proof is in force.
asio::awaitable<core::result<refreshing::opened_api*>> refreshing::api_of(std::size_t index) {
  if (const auto at = apis_.find(index); at != apis_.end()) co_return &at->second;
  const auto& settings = around_.from.settings;
  auto opened = co_await around_.database.open_account(setup::scope_of(settings.accounts[index], settings.api));
  if (opened.has_error()) co_return opened.error();
  auto source = around_.make_api(around_.executor, around_.from, index, observed_now_, around_.log);
  if (source.has_error()) co_return source.error();
  opened_api api;
  api.client =
      std::make_unique<tasks::api_client>(around_.executor, around_.from, index, std::move(*source), around_.log);
  if (const auto details = open_details(index, api); details.has_error()) co_return details.error();
  auto stop = [of = api.client.get(), details = api.details.get(), requests = api.detail_requests.get()] {
    of->stop();
    if (requests != nullptr) requests->stop();
    if (details != nullptr) details->close();
  };
  api.stopped = std::make_unique<runtime::stop_signal::registration>(stop_, std::move(stop));
  co_return &apis_.insert_or_assign(index, std::move(api)).first->second;
}

core::result<void> refreshing::open_details(std::size_t index, opened_api& into) {
  const auto& settings = around_.from.settings;
  if (!settings.details.enabled) return {};
  auto source = around_.make_details(around_.executor, around_.from, index, observed_now_, around_.log);
  if (source.has_error()) return source.error();
  into.details = std::move(*source);
  into.detail_requests = std::make_unique<details::detail_requests>(
      details::detail_requests::dependencies{into.client->turns(), *into.details,
                                             []() -> asio::awaitable<void> { co_return; }},
      details::detail_requests::rules{settings.accounts[index].name, settings.api.request_timeout,
                                      sync::flow::urgency::live});
  return {};
}

}  // namespace ordersync::app::orders
