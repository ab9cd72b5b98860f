#include "pandapon/detail_source.hpp"

#include "pandapon/detail/decode_detail.hpp"
#include "pandapon/detail/decode_refund.hpp"
#include "pandapon/reply/verdict.hpp"
#include "pandapon/signed_call.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ordersync::pandapon {
namespace {

namespace asio = boost::asio;

// `Decode` is decode_detail or decode_refund, and `id` what was asked for.
template <class Content>
using decoder = core::result<Content> (*)(std::string_view, const std::string&, core::instant);

template <class Content>
asio::awaitable<core::result<Content>> read(std::shared_ptr<const call_state> state, api_call call, std::string id,
                                            decoder<Content> decode) {
  const auto answer = co_await make_call(std::move(state), std::move(call));
  if (!answer) co_return answer.error();
  const auto data = reply::assess_single(answer->reply, std::chrono::floor<std::chrono::seconds>(answer->local));
  if (!data) co_return blame_clock(data.error(), *answer);
  co_return decode(*data, id, answer->observed);
}

class https_detail_source final : public sync::detail_source {
 public:
  https_detail_source(std::shared_ptr<const call_state> state, detail_paths paths)
      : state_(std::move(state)), paths_(std::move(paths)) {}
  https_detail_source(const https_detail_source&) = delete;
  https_detail_source& operator=(const https_detail_source&) = delete;
  ~https_detail_source() override { state_->client->close(); }

  asio::awaitable<core::result<core::order_detail>> read_detail(std::string tb_order_id, http::time_limit deadline,
                                                                std::function<void()> received) override {
    if (tb_order_id.empty()) throw std::logic_error("a detail of no order");
    api_call call{paths_.detail, detail_body(tb_order_id), std::move(received), deadline};
    return read<core::order_detail>(state_, std::move(call), std::move(tb_order_id), detail::decode_detail);
  }

  asio::awaitable<core::result<core::refund_info>> read_refund(std::string refund_id, http::time_limit deadline,
                                                               std::function<void()> received) override {
    if (refund_id.empty()) throw std::logic_error("information about no refund");
    api_call call{refund_target(paths_.refund, refund_id), {}, std::move(received), deadline};
    return read<core::refund_info>(state_, std::move(call), std::move(refund_id), detail::decode_refund);
  }

  void close() noexcept override { state_->client->close(); }

 private:
  std::shared_ptr<const call_state> state_;
  detail_paths paths_;
};

}  // namespace

core::result<std::unique_ptr<sync::detail_source>> make_detail_source(asio::any_io_executor executor,
                                                                      const source_settings& settings,
                                                                      detail_paths paths, source_ports ports) {
  auto state = make_call_state(std::move(executor), settings, std::move(ports));
  if (!state) return state.error();
  return std::unique_ptr<sync::detail_source>(
      std::make_unique<https_detail_source>(std::move(*state), std::move(paths)));
}

}  // namespace ordersync::pandapon
