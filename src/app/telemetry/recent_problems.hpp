#pragma once
// The last warnings and errors of this process's log, for people who look at the page or ask for the status: those of
// the same event, account and kind of failure are one, with a count. Bounded. Any thread.

#include "app/telemetry/observer.hpp"
#include "store/reports/reports.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <vector>

namespace ordersync::app::telemetry {

class recent_problems final : public observer {
 public:
  static constexpr std::size_t most = 50;
  static constexpr std::size_t longest_field = 500;  // bytes; what is longer is cut

  // `instance`: this process. `now`: the wall clock.
  recent_problems(std::string instance, std::function<core::instant()> now)
      : instance_(std::move(instance)), now_(std::move(now)) {}

  // What is less than a warning is left out.
  void event(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override;

  // The latest first.
  std::vector<store::reports::logged_problem> latest() const { return since(0); }
  // How many there were so far; and those that came after so many, the latest first.
  std::uint64_t total() const;
  std::vector<store::reports::logged_problem> since(std::uint64_t total) const;

 private:
  struct entry {
    store::reports::logged_problem what;
    std::uint64_t number = 0;  // of its last time, among all that were logged
  };

  const std::string instance_;
  const std::function<core::instant()> now_;
  mutable std::mutex mutex_;
  std::list<entry> list_;
  std::uint64_t total_ = 0;
};

}  // namespace ordersync::app::telemetry
