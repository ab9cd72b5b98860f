// How the simulator pushes: where its messages go, how they are written and signed, and which of them go wrong. Shares
// are in 10,000, durations in milliseconds. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pandapon_sim {

struct push_target {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string path = "/";
};

struct push_rules {
  std::optional<push_target> target;  // none: nothing is pushed
  std::string ca_file;                // whom https trusts; empty: the system's certificates
  bool sign_message = false;          // the text of messageBody is signed instead of the whole body
  bool upper_case = false;            // of the signature's hex digits
  bool message_as_object = false;     // messageBody is an object instead of a text
  bool platform_number = false;       // orderId is the order's id instead of 1688's number
  bool verify = false;                // a verification request at the start
  std::uint32_t lose = 0, twice = 0, late = 0, wrong = 0;
  std::int64_t late_ms = 0;        // late messages are delayed by up to that
  std::int64_t timeout_ms = 1000;  // an answer that comes later is none
  std::int64_t retry_ms = 30LL * 60 * 1000;
  std::uint32_t tries = 5;  // that an unacknowledged message comes again, at most
};

/// `http://HOST[:PORT][/PATH]`, or https; throws std::runtime_error that says what is wrong.
push_target read_push_target(const std::string& url);

}  // namespace pandapon_sim
