// The command line of pandapon-sim.
#pragma once

#include "behaviour.hpp"
#include "instant.hpp"
#include "push/rules.hpp"
#include "query.hpp"
#include "record.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pandapon_sim {

/// What becomes of a pageSize above the maximum.
enum class large_pages : std::uint8_t {
  cut,      // as large as allowed
  few,      // as if none had been given: 20
  refused,  // 40003
};

struct options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string tls_cert, tls_key;
  std::string access_key, access_secret;
  recipe orders_from;
  std::uint32_t orders = 0;
  epoch_ms from = 0, to = 0;
  double live = 0, mutate = 0;  // a second
  bool mutate_open = false;     // only open orders change, each to its next status
  std::int64_t live_lag_ms = 0;
  std::int64_t latency_ms = 0;
  std::uint32_t rate_limit = 0;     // a second, 0 for none
  std::uint32_t rate_burst = 0;     // at once, 0 for a second's worth
  std::uint32_t max_page_size = 0;  // 0 for none
  large_pages beyond = large_pages::cut;
  std::string faults_file, sample_file;
  manners how;
  bool filter_by_tb_time = false;
  bool timestamp_in_seconds = false;
  bool wander = false;
  bool refuse_replay = false;
  std::int64_t clock_offset_ms = 0;
  behaviour behaves;
  push_rules push;
};

/// What the program is to do: run with these, or leave with this exit code (0 after --help, 2 for a wrong command line,
/// about which stderr says what).
struct command_line {
  options set;
  std::optional<int> leave_with;
};

command_line read_command_line(int argc, const char* const* argv);

/// The whole file; throws std::runtime_error that names it.
std::string read_file(const std::string& path);

}  // namespace pandapon_sim
