#include "sync/sweep_log.hpp"

#include <utility>

namespace ordersync::sync {

sweep_log::sweep_log(core::log& log, std::string account, sweep_kind kind, sweep_label label)
    : log_(log), account_(std::move(account)), kind_(kind), label_(label) {}

void sweep_log::write(core::severity level, std::string_view event, const std::string& name, const core::window& window,
                      const std::string& reason, std::optional<int> attempt) {
  log_.write(level, event,
             {{"account", account_},
              {"window", name},
              {"range", core::to_text(window)},
              {"kind", sync::name(kind_)},
              {"job", label_.job},
              {"attempt", attempt},
              {"reason", reason}});
}

void sweep_log::split(core::severity level, const std::string& name, const core::window& window, std::int64_t orders,
                      std::size_t parts, const std::string& reason) {
  log_.write(level, "window_split",
             {{"account", account_},
              {"window", name},
              {"range", core::to_text(window)},
              {"kind", sync::name(kind_)},
              {"job", label_.job},
              {"orders", orders},
              {"parts", parts},
              {"reason", reason}});
}

void sweep_log::gap(const std::string& name, const core::window& window, sweep_outcome outcome,
                    const std::string& reason) {
  log_.write(core::severity::warning, "window_gap",
             {{"account", account_},
              {"window", name},
              {"range", core::to_text(window)},
              {"kind", sync::name(kind_)},
              {"job", label_.job},
              {"outcome", sync::name(outcome)},
              {"reason", reason}});
}

}  // namespace ordersync::sync
