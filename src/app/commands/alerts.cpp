#include "app/commands/alerts.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/host_name.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace ordersync::app::commands {
namespace {

namespace asio = boost::asio;

core::result<std::vector<std::size_t>> chosen(const setup::configuration& from, std::optional<std::size_t> number) {
  const auto count = from.settings.alerts.size();
  if (count == 0) return core::make_error(core::failure::input, "no alerts are configured; see docs/operations.md");
  if (number && (*number == 0 || *number > count))
    return core::make_error(core::failure::input,
                            fmt::format("there is no alert {}; choose one from 1 to {}", *number, count));
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < count; ++i)
    if (!number || *number == i + 1) places.push_back(i);
  return places;
}

using webhooks = std::vector<std::pair<std::size_t, std::unique_ptr<alerts::webhook>>>;

asio::awaitable<core::result<std::vector<tried_webhook>>> try_each(const webhooks& all, const bool& stopping) {
  std::vector<tried_webhook> tried;
  const alerts::message test{.state = alerts::message_state::test, .problems = {}};
  const auto now = setup::wall_clock();
  for (const auto& [place, to] : all) {
    if (stopping) break;
    auto sending = to->send(test, now());
    const auto outcome = co_await std::move(sending);
    tried.push_back({.number = place + 1,
                     .name = to->name(),
                     .format = config::name(to->format()),
                     .accepted = outcome.state == alerts::delivery_state::accepted,
                     .reason = outcome.reason});
  }
  co_return tried;
}

}  // namespace

core::result<std::vector<tried_webhook>> try_alerts(session& with, std::optional<std::size_t> number,
                                                    const std::string& version) {
  const auto places = chosen(with.configuration(), number);
  if (places.has_error()) return places.error();
  webhooks all;
  for (const auto place : *places) {
    auto sender = alerts::origin_of(with.configuration(), setup::host_name(), version);
    auto one = alerts::webhook::make(with.executor(), with.configuration(), place, std::move(sender));
    if (one.has_error()) return one.error();
    all.emplace_back(place, std::move(*one));
  }
  bool stopping = false;
  return with.run(try_each(all, stopping), [&] {
    stopping = true;
    for (const auto& [place, to] : all) to->close();
  });
}

}  // namespace ordersync::app::commands
