#include "sync/flow/failure_streak.hpp"

namespace ordersync::sync::flow {

void failure_streaks::failed(const std::string& account, time_point now) {
  ++open_.try_emplace(account, failure_streak{now}).first->second.failures;
}

std::optional<failure_streak> failure_streaks::succeeded(const std::string& account) {
  const auto node = open_.extract(account);
  return node.empty() ? std::nullopt : std::optional{node.mapped()};
}

void log_recovery(core::log& log, const std::string& account, const std::optional<failure_streak>& ended,
                  failure_streaks::time_point now) {
  if (!ended) return;
  log.write(core::severity::info, "api_back",
            {{"account", account}, {"attempts", ended->failures}, {"lasted", now - ended->since}});
}

}  // namespace ordersync::sync::flow
