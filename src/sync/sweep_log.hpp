#pragma once
// What a sweep logs of its windows. Each line says whose sweep it is and which window: see sweep.hpp for their names.

#include "core/log.hpp"
#include "sync/ports.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::sync {

// What logs call a sweep.
struct sweep_label {
  std::uint64_t number = 1;           // that no other sweep of this process has
  std::optional<std::int64_t> job{};  // the backfill job it is for
};

class sweep_log {
 public:
  // `log` outlives it.
  sweep_log(core::log& log, std::string account, sweep_kind kind, sweep_label label);

  void write(core::severity level, std::string_view event, const std::string& name, const core::window& window,
             const std::string& reason = {}, std::optional<int> attempt = {});
  void split(core::severity level, const std::string& name, const core::window& window, std::int64_t orders,
             std::size_t parts, const std::string& reason);
  void gap(const std::string& name, const core::window& window, sweep_outcome outcome, const std::string& reason);

 private:
  core::log& log_;
  std::string account_;
  sweep_kind kind_;
  sweep_label label_;
};

}  // namespace ordersync::sync
