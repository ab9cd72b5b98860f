#include "app/doctor/evidence_trials.hpp"

#include "app/setup/wiring.hpp"

#include <fmt/format.h>

#include <utility>

namespace ordersync::app::doctor {

namespace asio = boost::asio;

asio::awaitable<core::result<sync::page>> evidence_trials::ask(sync::page_request request) {
  if (++requests_ > most_)
    co_return core::make_error(core::failure::unreachable,
                               fmt::format("the test would need more than {} requests", most_));
  co_return co_await api_.fetch(std::move(request));
}

asio::awaitable<tried_account> evidence_trials::examine(std::vector<sync::evidence::witness> stored) {
  tried_account tried{.account = api_.account};
  const auto settle = std::chrono::ceil<std::chrono::seconds>(settings_.sync.live.settle);
  const core::window range{settings_.sync.start, api_.server_now() - settle};
  if (range.empty()) {
    tried.broken = core::make_error(core::failure::input, "sync.start is in the future");
    co_return tried;
  }
  tried.wanted = range.length();
  if (auto begun = api_.begin_pages(); begun.has_error()) {
    tried.broken = begun.error();
    co_return tried;
  }
  auto rules = setup::evidence_rules_of(settings_);
  rules.zone = api_.style.zone_offset;
  sync::evidence::evidence nothing_known(rules);
  sync::trials::page_fetcher fetcher = [this](sync::page_request request) { return ask(std::move(request)); };
  const sync::trials::trial_rules how{.page_size = settings_.sync.page_size,
                                      .max_orders = settings_.sync.max_window_orders};
  sync::trials::trial trial(
      std::move(fetcher), [this] { return api_.now(); }, nothing_known, how);
  auto report = co_await trial.all(range, std::move(stored));
  if (report.has_error() && requests_ > most_ && !nothing_known.newest())
    tried.broken = core::make_error(core::failure::unreachable, "no order of the account to test with");
  else if (report.has_error())
    tried.broken = report.error();
  else
    tried.report = std::move(*report);
  tried.found = nothing_known.limits();
  co_return tried;
}

asio::awaitable<void> evidence_trials::perform(std::vector<sync::evidence::witness> stored, bool has_orders) {
  requests_ = 0;
  most_ = has_orders || !stored.empty() ? most_requests : most_without_orders;
  const auto tried = co_await examine(std::move(stored));
  if (api_.stopping()) co_return;
  for (auto& one : assess_evidence(tried)) notes_.add(std::move(one));
}

}  // namespace ordersync::app::doctor
