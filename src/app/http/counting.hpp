#pragma once
// From what a daemon reports of its work to the numbers of /metrics.

#include "app/daemon/daemon_state.hpp"
#include "app/telemetry/observer.hpp"
#include "service/metrics.hpp"

#include <vector>

namespace ordersync::app::http {

// Counts what it observes. `into` outlives it.
class counting final : public telemetry::observer {
 public:
  explicit counting(service::metrics& into) : into_(into) {}

  void request(const telemetry::finished_request& finished) noexcept override;
  void committed(const telemetry::finished_commit& finished) noexcept override;
  void pushed(const telemetry::pushed_messages& messages) noexcept override;
  void detail_read(const telemetry::finished_detail& finished) noexcept override;
  void push_refused(std::string_view reason) noexcept override;
  void alert_sent(const telemetry::sent_alert& sent) noexcept override;
  void event(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override;

 private:
  service::metrics& into_;
};

// What is as it is at the moment. Pure.
std::vector<service::gauge_sample> gauges_of(const daemon::daemon_state& state);

}  // namespace ordersync::app::http
