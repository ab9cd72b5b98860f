#pragma once
// The log, with an observer that receives each event, whether or not a line is written. Any thread.

#include "app/telemetry/observer.hpp"
#include "service/logging.hpp"

namespace ordersync::app::telemetry {

class observed_log final : public service::stderr_log {
 public:
  // Both outlive it.
  observed_log(service::stderr_log& inner, observer& observers) : inner_(inner), observers_(observers) {}

  void write(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override {
    observers_.event(level, event, fields);
    inner_.write(level, event, fields);
  }
  void set(service::log_options options) override { inner_.set(options); }

 private:
  service::stderr_log& inner_;
  observer& observers_;
};

}  // namespace ordersync::app::telemetry
