#include "sync/flow/trouble.hpp"

namespace ordersync::sync::flow {

void trouble_book::failed(const std::string& account, time_point now) {
  ++open_.try_emplace(account, trouble{now}).first->second.failures;
}

std::optional<trouble> trouble_book::succeeded(const std::string& account) {
  const auto node = open_.extract(account);
  return node.empty() ? std::nullopt : std::optional{node.mapped()};
}

void tell_end(core::log& log, const std::string& account, const std::optional<trouble>& ended,
              trouble_book::time_point now) {
  if (!ended) return;
  log.write(core::severity::info, "api_back",
            {{"account", account}, {"attempts", ended->failures}, {"lasted", now - ended->since}});
}

}  // namespace ordersync::sync::flow
