#include "app/orders/refresh_desk.hpp"

#include "app/setup/clock_and_random.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <optional>
#include <utility>

namespace ordersync::app::orders {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// Somebody waits for the answer.
const sync::flow::try_rules tried_twice{.retries = {.tries = 2, .overload_tries = 2},
                                        .unusable_tries = 1,
                                        .oversized_tries = 1,
                                        .alone = sync::flow::ask_alone::never};

core::error stopped() {
  return core::make_error(core::failure::unreachable, "the daemon stopped before the order was read");
}

}  // namespace

struct refresh_desk::caller {
  explicit caller(const asio::any_io_executor& executor) : done(executor, steady_clock::time_point::max()) {}

  answer value = stopped();
  asio::steady_timer done;
};

refresh_desk::refresh_desk(dependencies around)
    : around_(std::move(around)),
      requests_({around_.turns, &around_.log, setup::random_source()},
                {.timeout = around_.from.settings.api.request_timeout,
                 .how = sync::flow::urgency::live,
                 .tries = tried_twice}) {}

void refresh_desk::stop() noexcept {
  requests_.stop();
  end_.emit(asio::cancellation_type::terminal);
}

asio::awaitable<refresh_desk::answer> refresh_desk::refresh(std::string number) {
  if (busy_)
    co_return core::make_error(core::failure::overloaded, "another order is being read; try again in a moment");
  busy_ = true;
  const auto self = std::make_shared<caller>(around_.executor);
  around_.tasks.spawn(perform(std::move(number), self));
  // From here on the desk may be gone.
  co_await self->done.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return std::move(self->value);
}

asio::awaitable<void> refresh_desk::perform(std::string number, std::shared_ptr<caller> into) {
  // However it ends, nobody waits any more. Set off, not cancelled: who is about to begin waiting sees that too.
  struct end_of_refresh {
    refresh_desk& of;
    caller& to;
    end_of_refresh(refresh_desk& desk, caller& waiting) : of(desk), to(waiting) {}
    end_of_refresh(const end_of_refresh&) = delete;
    end_of_refresh& operator=(const end_of_refresh&) = delete;
    ~end_of_refresh() {
      of.busy_ = false;
      to.done.expires_at(steady_clock::time_point::min());
    }
  };
  const end_of_refresh end(*this, *into);
  refresh_dependencies with{.database = around_.database,
                            .apis = {},
                            .start = around_.from.settings.sync.start,
                            .now = std::chrono::ceil<std::chrono::seconds>(setup::wall_clock()()),
                            .reason = "asked for on the status page"};
  for (const auto& source : sources_) with.apis.push_back(api_of(source));
  into->value = co_await orders::refresh(with, std::move(number));
}

order_api refresh_desk::api_of(const account_source& source) {
  order_api api{.account = source.account,
                .limits = source.limits(),
                .look_up = [this, &source](std::string number,
                                           core::window range) { return look_up(source, std::move(number), range); },
                .read_detail = {}};
  if (around_.from.settings.details.enabled)
    api.read_detail = [this, &source](details::wanted_detail what) { return read_detail(source, std::move(what)); };
  return api;
}

asio::awaitable<core::result<details::detail_reading>> refresh_desk::read_detail(const account_source& source,
                                                                                 details::wanted_detail what) {
  auto* api = source.details ? source.details() : nullptr;
  if (api == nullptr) co_return core::make_error(core::failure::unreachable, source.absence());
  details::detail_requests requests(
      {around_.turns, *api, []() -> asio::awaitable<void> { co_return; }},
      {source.account, around_.from.settings.api.request_timeout, sync::flow::urgency::live});
  auto reading = until_stopped(requests.read(std::move(what)));
  co_return co_await std::move(reading);
}

asio::awaitable<core::result<sync::page>> refresh_desk::look_up(const account_source& source, std::string tb_order_id,
                                                                core::window around) {
  auto* api = source.source();
  if (api == nullptr) co_return core::make_error(core::failure::unreachable, source.absence());
  sync::flow::gated_requests::send_once<sync::page> once = [&](steady_clock::time_point deadline,
                                                               std::function<void()> received) {
    return api->look_up(tb_order_id, around, deadline, std::move(received));
  };
  sync::flow::request_label label{.account = source.account, .range = around};
  auto sent = until_stopped(requests_.send(std::move(once), std::move(label)));
  co_return co_await std::move(sent);
}

template <class T>
asio::awaitable<core::result<T>> refresh_desk::until_stopped(asio::awaitable<core::result<T>> asked) {
  const auto executor = co_await asio::this_coro::executor;
  auto cancellable = asio::bind_cancellation_slot(end_.slot(), asio::use_awaitable);
  try {
    co_return co_await asio::co_spawn(executor, std::move(asked), std::move(cancellable));
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) throw;
  }
  co_return stopped();
}

}  // namespace ordersync::app::orders
