#pragma once
// What each receiver of messages understands, how it checks who sends, and how it says that it took one. Pure.

#include "app/alerts/message.hpp"
#include "config/settings.hpp"
#include "core/time.hpp"
#include "pandapon/http/http_reply.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::app::alerts {

struct webhook_request {
  std::string target;  // a secret
  std::string body;    // JSON
};

// `target`: of the webhook. `signing`: the robot's secret; empty: messages are not signed.
webhook_request request_of(config::alert_format format, std::string_view target, std::string_view signing,
                           const message& m, const origin& from, core::instant now);

enum class delivery_state {
  accepted,
  again,     // it may be accepted later
  rejected,  // not before somebody does something
};
struct delivery {
  delivery_state state{};
  std::string reason;                                    // what came back and what to do; quotes nothing of it
  std::optional<std::chrono::milliseconds> retry_after;  // as the receiver asks
};

// Whether a reply of that format says in its body whether the message was taken; else the HTTP status alone does.
bool has_code(config::alert_format format);
delivery delivery_of(config::alert_format format, const pandapon::http::http_reply& reply);

}  // namespace ordersync::app::alerts
