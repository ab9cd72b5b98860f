#pragma once
// Replies as tests write them, and what is said of those that are refused.

#include "pandapon/reply/verdict.hpp"

#include <string>
#include <utility>

namespace ordersync::pandapon::testing {

inline constexpr core::second now{std::chrono::seconds{1715046720}};  // 2024-05-07T01:52:00Z

inline http::http_reply reply(unsigned status, std::string body = {}) {
  http::http_reply made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

inline core::error failed(const http::http_reply& r) {
  return reply::assess(r, now).error();
}

}  // namespace ordersync::pandapon::testing
