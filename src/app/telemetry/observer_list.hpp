#pragma once
// Passes each report to all observers, in the order in which they were added.

#include "app/telemetry/observer.hpp"

#include <vector>

namespace ordersync::app::telemetry {

class observer_list final : public observer {
 public:
  // Before anything is reported. `one` outlives everybody who reports.
  void add(observer& one) { all_.push_back(&one); }

  void request(const finished_request& finished) noexcept override {
    for (auto* one : all_) one->request(finished);
  }
  void committed(const finished_commit& finished) noexcept override {
    for (auto* one : all_) one->committed(finished);
  }
  void pushed(const pushed_messages& finished) noexcept override {
    for (auto* one : all_) one->pushed(finished);
  }
  void detail_read(const finished_detail& finished) noexcept override {
    for (auto* one : all_) one->detail_read(finished);
  }
  void push_refused(std::string_view reason) noexcept override {
    for (auto* one : all_) one->push_refused(reason);
  }
  void alert_sent(const sent_alert& finished) noexcept override {
    for (auto* one : all_) one->alert_sent(finished);
  }
  void event(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override {
    for (auto* one : all_) one->event(level, event, fields);
  }

 private:
  std::vector<observer*> all_;
};

}  // namespace ordersync::app::telemetry
