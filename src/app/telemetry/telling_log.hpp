#pragma once
// The log, with an observer that hears of each event, whether or not a line is written. Any thread.

#include "app/telemetry/observer.hpp"
#include "service/logging.hpp"

namespace ordersync::app::telemetry {

class telling_log final : public service::stderr_log {
 public:
  // Both outlive it.
  telling_log(service::stderr_log& inner, observer& told) : inner_(inner), told_(told) {}

  void write(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override {
    told_.event(level, event, fields);
    inner_.write(level, event, fields);
  }
  void set(service::log_options options) override { inner_.set(options); }

 private:
  service::stderr_log& inner_;
  observer& told_;
};

}  // namespace ordersync::app::telemetry
