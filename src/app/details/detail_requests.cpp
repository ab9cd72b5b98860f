#include "app/details/detail_requests.hpp"

#include "app/setup/clock_and_random.hpp"

#include <algorithm>
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

// One that does not say whose it is, is taken to be what was asked for.
bool is_of(const core::refund_info& refund, const core::order_detail& detail) {
  return !refund.tb_order_id || std::to_string(*refund.tb_order_id) == detail.tb_order_id;
}

// Those that the detail names first.
std::vector<std::string> refunds_of(const core::order_detail& detail, std::vector<std::string> open) {
  std::vector<std::string> ids;
  for (const auto& refund : detail.refunds) ids.push_back(refund.id);
  for (auto& id : open)
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
  return ids;
}

core::error of_another_order() {
  return core::make_error(core::failure::unusable_reply,
                          "the API's reply holds as refund something that is about another order than the one that "
                          "names it; nothing was taken from it");
}

core::error not_asked() {
  return core::make_error(core::failure::not_permitted, "the API did not permit to ask for them the last time");
}

}  // namespace

// No account's name has a blank. Without a log: who asks reports what fails.
detail_requests::detail_requests(dependencies around, const rules& how)
    : around_(std::move(around)),
      account_(how.account),
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

asio::awaitable<core::result<core::order_detail>> detail_requests::ask_for_detail(std::string tb_order_id) {
  sync::flow::gated_requests::send_once<core::order_detail> once =
      [this, &tb_order_id](steady_clock::time_point deadline, std::function<void()> received) {
        return around_.source.read_detail(tb_order_id, deadline, std::move(received));
      };
  auto asked = send<core::order_detail>(std::move(once));
  co_return co_await std::move(asked);
}

asio::awaitable<core::result<core::refund_info>> detail_requests::ask_for_refund(std::string refund_id) {
  sync::flow::gated_requests::send_once<core::refund_info> once = [this, &refund_id](steady_clock::time_point deadline,
                                                                                     std::function<void()> received) {
    return around_.source.read_refund(refund_id, deadline, std::move(received));
  };
  auto asked = send<core::refund_info>(std::move(once));
  co_return co_await std::move(asked);
}

asio::awaitable<core::result<detail_reading>> detail_requests::read(wanted_detail what) {
  auto asked = ask_for_detail(std::move(what.tb_order_id));
  auto detail = co_await std::move(asked);
  if (detail.has_error()) co_return detail.error();
  detail_reading result;
  result.detail = std::move(*detail);
  result.asked = refunds_ || what.for_refunds;
  if (result.asked) {
    const auto ids = refunds_of(result.detail, std::move(what.open_refunds));
    auto reading = read_refunds(ids, result);
    co_await std::move(reading);
  } else if (!result.detail.refunds.empty()) {
    result.missing = not_asked();
  }
  co_return result;
}

asio::awaitable<core::result<void>> detail_requests::try_detail(std::string tb_order_id) {
  auto asked = ask_for_detail(std::move(tb_order_id));
  const auto detail = co_await std::move(asked);
  if (detail.has_error()) co_return detail.error();
  co_return core::result<void>{};
}

asio::awaitable<core::result<void>> detail_requests::try_refund(std::string refund_id) {
  auto asked = ask_for_refund(std::move(refund_id));
  const auto refund = co_await std::move(asked);
  if (refund.has_error()) co_return refund.error();
  co_return core::result<void>{};
}

// What is wrong with one of them alone keeps no other from being read. One that the detail does not name any more may
// be gone: it is not missing.
asio::awaitable<void> detail_requests::read_refunds(const std::vector<std::string>& ids, detail_reading& into) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto id = ids[i];
    auto asked = ask_for_refund(std::move(id));
    auto info = co_await std::move(asked);
    if (info.has_value() && !is_of(*info, into.detail)) info = of_another_order();
    if (info.has_value()) {
      into.refunds.push_back(std::move(*info));
      continue;
    }
    const auto kind = info.error().kind;
    const bool is_former = i >= into.detail.refunds.size();
    if (is_former && (kind == core::failure::unusable_reply || kind == core::failure::not_permitted)) continue;
    into.missing = info.error();
    if (kind != core::failure::unusable_reply) break;
  }
}

}  // namespace ordersync::app::details
