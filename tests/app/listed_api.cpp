#include "app/listed_api.hpp"

#include "store/store_fixture.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::testing {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

class listed_api::source final : public sync::order_source {
 public:
  source(listed_api& of, asio::any_io_executor executor, std::function<core::instant()> now)
      : of_(of), executor_(std::move(executor)), now_(std::move(now)) {}

  // Never within the call: who asks must not count on that.
  asio::awaitable<core::result<sync::page>> fetch(sync::page_request request, steady_clock::time_point) override {
    const auto sent = now_();
    co_await asio::post(executor_, asio::use_awaitable);
    if (request.received) request.received();
    if (closed_) co_return core::make_error(core::failure::unreachable, "closed");
    co_return of_.answer(request, sent);
  }
  asio::awaitable<core::result<sync::page>> look_up(std::string number, core::window around, steady_clock::time_point,
                                                    std::function<void()> received) override {
    const auto sent = now_();
    if (received) received();
    co_return of_.find(number, {.window = around}, sent);
  }
  void close() noexcept override { closed_ = true; }

 private:
  listed_api& of_;
  asio::any_io_executor executor_;
  std::function<core::instant()> now_;
  bool closed_ = false;
};

setup::source_maker listed_api::maker() {
  return [this](asio::any_io_executor executor, const setup::configuration&, std::size_t,
                std::function<core::instant()> now, core::log&) -> core::result<std::unique_ptr<sync::order_source>> {
    return std::make_unique<source>(*this, std::move(executor), std::move(now));
  };
}

void listed_api::add(const std::vector<core::order>& more) {
  for (const auto& order : more) orders[order.id] = order;
}

// From a second before the window to its end, both inclusive, as the engine has the API asked.
core::result<sync::page> listed_api::answer(const sync::page_request& request, core::instant observed_at) {
  asked.push_back(request);
  if (fails) {
    if (const auto failure = fails(request)) return *failure;
  }
  const core::window wide{request.window.begin - 1s, request.window.end + 1s};
  std::vector<core::order> found;
  for (const auto& [id, order] : orders) {
    const bool of_status = !request.status || order.order_status == *request.status;
    if (of_status && wide.contains(*order.created_at)) found.push_back(order);
  }
  std::ranges::stable_sort(found, {}, [](const core::order& order) { return *order.created_at; });
  return page_of(std::move(found), request, observed_at);
}

sync::page listed_api::find(const std::string& number, const sync::page_request& request,
                            core::instant observed_at) const {
  std::vector<core::order> found;
  for (const auto& [id, order] : orders)
    if (order.tb_order_id == number) found.push_back(order);
  return page_of(std::move(found), request, observed_at);
}

sync::page listed_api::page_of(std::vector<core::order> found, const sync::page_request& request,
                               core::instant observed_at) {
  sync::page reply;
  reply.total = static_cast<std::int64_t>(found.size());
  reply.observed_at = observed_at;
  const auto size = static_cast<std::size_t>(request.page_size);
  const auto from = std::min(found.size(), static_cast<std::size_t>(request.page - 1) * size);
  const auto to = std::min(found.size(), from + size);
  for (auto i = from; i < to; ++i) {
    reply.orders.push_back(std::move(found[i]));
    reply.orders.back().observed_at = observed_at;
  }
  return reply;
}

core::order numbered(std::int64_t id, std::int64_t status, core::second created) {
  auto order = store_test::sample_order(id);
  order.tb_order_id = std::to_string(1'000'000 + id);
  order.order_status = status;
  order.created_at = order.tb_created_at = created;
  store_test::rehash(order);
  return order;
}

setup::configuration configuration_of(core::second start) {
  setup::configuration from;
  auto& settings = from.settings;
  settings.api.base_url = {"api.example.com", 443};
  settings.api.path = "/alibaba/order/page";
  settings.api.time_zone = 8h;
  settings.api.request_timeout = 5s;
  settings.accounts.push_back(
      {.name = "main", .access_key = "key", .access_secret = {}, .user_id = "17", .user_id_list = {}, .at = {}});
  from.secrets.access_secrets.emplace_back(std::vector<char>{'s'});
  settings.sync.start = start;
  settings.sync.page_size = 50;
  settings.sync.max_window_orders = 2000;
  settings.sync.concurrency = 8;
  settings.sync.rate = 10'000;
  settings.sync.live = {.every = 1s, .settle = 30s, .overlap = 60s};
  return from;
}

}  // namespace ordersync::app::testing
