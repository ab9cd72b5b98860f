#include "app/details/detail_requests.hpp"

#include "app/setup/clock_and_random.hpp"

#include <utility>

namespace ordersync::app::details {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// A passing fault costs another request, not the wait of an order that failed.
const sync::flow::try_rules few_tries{.retries = {.tries = 3, .overload_tries = 2},
                                      .unusable_tries = 2,
                                      .oversized_tries = 1,
                                      .alone = sync::flow::ask_alone::never};

// What is wrong with one refund alone, or with the right to ask for refunds.
bool leaves_the_detail(core::failure kind) {
  return kind == core::failure::unusable_reply || kind == core::failure::not_permitted;
}

}  // namespace

// No account's name has a blank. Without a log: who asks reports what fails.
detail_requests::detail_requests(dependencies around, const rules& how)
    : around_(std::move(around)),
      name_(how.account + " details"),
      requests_({around_.turns, nullptr, setup::random_source()},
                {.timeout = how.request_timeout, .how = how.how, .tries = few_tries}) {}

template <class Reply>
asio::awaitable<core::result<Reply>> detail_requests::send(sync::flow::gated_requests::send_once<Reply> once) {
  co_await around_.before();
  sync::flow::request_label label{.account = name_};
  auto sent = requests_.send(std::move(once), std::move(label));
  co_return co_await std::move(sent);
}

asio::awaitable<core::result<detail_reading>> detail_requests::read(std::string tb_order_id) {
  sync::flow::gated_requests::send_once<core::order_detail> once =
      [this, &tb_order_id](steady_clock::time_point deadline, std::function<void()> received) {
        return around_.source.read_detail(tb_order_id, deadline, std::move(received));
      };
  auto asked = send<core::order_detail>(std::move(once));
  auto detail = co_await std::move(asked);
  if (detail.has_error()) co_return detail.error();
  detail_reading result;
  result.detail = std::move(*detail);
  if (!refunds_) co_return result;
  auto reading = read_refunds(result);
  const auto read = co_await std::move(reading);
  if (read.has_error()) co_return read.error();
  co_return result;
}

asio::awaitable<core::result<void>> detail_requests::read_refunds(detail_reading& into) {
  for (const auto& refund : into.detail.refunds) {
    sync::flow::gated_requests::send_once<core::refund_info> once = [this, &refund](steady_clock::time_point deadline,
                                                                                    std::function<void()> received) {
      return around_.source.read_refund(refund.id, deadline, std::move(received));
    };
    auto asked = send<core::refund_info>(std::move(once));
    auto info = co_await std::move(asked);
    if (info.has_value()) {
      into.refunds.push_back(std::move(*info));
      continue;
    }
    if (!leaves_the_detail(info.error().kind)) co_return info.error();
    into.missing = info.error();
    if (into.missing->kind == core::failure::not_permitted) break;
  }
  co_return core::result<void>{};
}

}  // namespace ordersync::app::details
