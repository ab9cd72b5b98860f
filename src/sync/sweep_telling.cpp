// What a sweep tells of its windows.
#include "sync/sweep.hpp"

namespace ordersync::sync {

void sweep::tell(core::severity level, std::string_view event, const pending_window& w, const std::string& reason,
                 std::optional<int> attempt) {
  log_.write(level, event,
             {{"account", account_},
              {"window", w.name},
              {"range", core::to_text(w.window)},
              {"kind", sync::name(kind_)},
              {"job", label_.job},
              {"attempt", attempt},
              {"reason", reason}});
}

void sweep::tell_split(const pending_window& w, std::int64_t orders, std::size_t parts, const std::string& reason,
                       core::severity level) {
  log_.write(level, "window_split",
             {{"account", account_},
              {"window", w.name},
              {"range", core::to_text(w.window)},
              {"kind", sync::name(kind_)},
              {"job", label_.job},
              {"orders", orders},
              {"parts", parts},
              {"reason", reason}});
}

void sweep::tell_gap(const open_window& w) {
  const bool outdated = w.outdated && w.outcome == sweep_outcome::proven;
  log_.write(core::severity::warning, "window_gap",
             {{"account", account_},
              {"window", w.origin.name},
              {"range", core::to_text(w.origin.window)},
              {"kind", sync::name(kind_)},
              {"job", label_.job},
              {"outcome", name(outdated ? sweep_outcome::unproven : w.outcome)},
              {"reason", outdated ? std::string{"newer reads of it were stored meanwhile"} : reason_of(w, w.outcome)}});
}

}  // namespace ordersync::sync
