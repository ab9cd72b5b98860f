#pragma once
// What a daemon's parts report of their work while they work, for the metrics and the status page. The mirror needs
// none of it: an observer changes nothing.
//
// One I/O thread, but for `event`, which comes from any. Observers do not throw.

#include "core/log.hpp"
#include "sync/ports.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ordersync::app::telemetry {

// A request to the API has ended.
struct finished_request {
  std::string_view account;
  std::string_view outcome;  // "ok", or the failure's core::name
  std::chrono::nanoseconds took{0};
  std::chrono::steady_clock::time_point at{};  // its end
  // Of a detail or a refund. It says nothing of the order list, which may be permitted where these are not.
  bool of_detail = false;
};

// A window was stored; reported after the commit.
struct finished_commit {
  std::string_view account;
  sync::sweep_kind kind{};
  sync::sweep_outcome outcome{};
  const sync::commit_summary& summary;
  std::chrono::nanoseconds took{0};  // with its wait for the database
};

// Push messages of an account that came to the same.
struct pushed_messages {
  std::string_view account;
  std::string_view outcome;  // "stored", then one of store::push::outcome
  std::int64_t count = 1;
};

// The detail of an order was read, or not.
struct finished_detail {
  std::string_view account;
  std::string_view outcome;  // details::name of store::details::written, "failed" or "refused"
};

// A message about the mirror was sent to a webhook, or not at all.
struct sent_alert {
  std::string_view format;  // config::name
  bool delivered = false;
};

class observer {
 public:
  observer() = default;
  observer(const observer&) = delete;
  observer& operator=(const observer&) = delete;
  virtual ~observer() = default;

  virtual void request(const finished_request&) noexcept {}
  virtual void committed(const finished_commit&) noexcept {}
  virtual void pushed(const pushed_messages&) noexcept {}
  virtual void detail_read(const finished_detail&) noexcept {}
  // A request to push.listen was answered without effect.
  virtual void push_refused(std::string_view /*reason*/) noexcept {}
  virtual void alert_sent(const sent_alert&) noexcept {}
  // Every event of the log, those that the level or the folding keeps out included.
  virtual void event(core::severity, std::string_view, std::initializer_list<core::log_field>) noexcept {}
};

}  // namespace ordersync::app::telemetry
