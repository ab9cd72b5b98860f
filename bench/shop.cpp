#include "bench/shop.hpp"

#include "pandapon/decode/decode.hpp"
#include "simulator/answer.hpp"
#include "simulator/options.hpp"
#include "simulator/sample.hpp"

#include <fmt/format.h>

#include <iterator>
#include <stdexcept>

namespace ordersync::bench {
namespace {

constexpr std::uint32_t orders_a_day = 1'000;
constexpr pandapon_sim::epoch_ms day_ms = 86'400'000;
constexpr pandapon_sim::epoch_ms first_day = 1'714'492'800'000;  // 2024-05-01 of +08:00

pandapon_sim::options options_for(std::uint32_t orders) {
  pandapon_sim::options set;
  set.orders = orders;
  set.from = first_day;
  set.to = first_day + day_ms * (orders / orders_a_day + 1);
  return set;
}

}  // namespace

struct shop::state {
  explicit state(std::uint32_t orders) : world{options_for(orders)}, by_time{world.orders.select({})} {}
  pandapon_sim::world world;
  std::vector<pandapon_sim::entry> by_time;
};

shop::shop(std::uint32_t orders) : state_{std::make_unique<state>(orders)} {}
shop::~shop() = default;

std::string shop::page(std::uint32_t number) const {
  const pandapon_sim::query asked{.page = number, .page_size = orders_a_page, .wanted = {}};
  return pandapon_sim::answer_page(state_->world, asked, {}, 0).body;
}

std::vector<core::order> shop::read(std::uint32_t first, std::uint32_t count, core::instant observed_at) const {
  std::vector<core::order> orders;
  for (auto at = first; at < first + count; at += orders_a_page) {
    auto decoded = pandapon::decode::decode_body(page(at / orders_a_page + 1), observed_at);
    if (!decoded) throw std::runtime_error("a page cannot be decoded: " + decoded.error().what);
    std::move(decoded->orders.begin(), decoded->orders.end(), std::back_inserter(orders));
  }
  if (orders.size() != count) throw std::runtime_error("the simulated pages do not hold what was asked for");
  return orders;
}

void shop::move_on(std::uint32_t first, std::uint32_t count) {
  for (auto at = first; at < first + count; ++at) state_->world.orders.mutate_entry(state_->by_time[at], 0);
}

std::string page_of_samples() {
  const auto reply = pandapon_sim::read_file(ORDERSYNC_SOURCE_DIR "/tests/pandapon/order-page-sample.json");
  const auto samples = pandapon_sim::read_sample(reply);
  if (samples.empty()) throw std::runtime_error("order-page-sample.json holds no order");
  std::string data;
  for (int i = 0; i < orders_a_page; ++i) {
    if (i > 0) data += ',';
    data += samples[static_cast<std::size_t>(i) % samples.size()].raw;
  }
  return fmt::format(R"({{"total":{},"data":[{}],"code":200}})", orders_a_page, data);
}

}  // namespace ordersync::bench
