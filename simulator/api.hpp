// The vendor's side of the conversation: from a request to a reply. No socket and no clock in here; the server brings
// both. Single-threaded.
#pragma once

#include "catalogue.hpp"
#include "fault_file.hpp"
#include "http.hpp"
#include "options.hpp"
#include "push/queue.hpp"
#include "rate_limit.hpp"
#include "statistics.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace pandapon_sim {

/// Everything that a request can depend on or change.
struct world {
  /// Makes the data; throws std::runtime_error if the fault file or the sample cannot be read.
  explicit world(options chosen);

  /// How long the program has run at `now`; until it has started, no time passes.
  moment at(epoch_ms now) const { return {now, started ? now - *started : 0}; }

  options set;
  catalogue orders;
  fault_plan faults;
  rate_limit limit;
  statistics stats;
  push_queue pushes;
  std::size_t announced = 0;  // events of the catalogue whose messages are queued
  std::optional<epoch_ms> started;
  std::uint64_t replies = 0;          // to order-list requests, refusals among them
  std::uint64_t page_requests = 0;    // of all calls, that passed all checks; what the fault file counts
  std::uint64_t detail_requests = 0;  // of these, the calls about one order
  bool frozen = false;                // --live and --mutate stand still
  double orders_due = 0, mutations_due = 0;
  std::uint64_t picks = 0;
  std::unordered_set<std::string> nonces;
  std::deque<std::pair<epoch_ms, std::string>> nonces_by_age;
};

bool is_page_path(std::string_view path);

/// What every call of the API has to pass: method, headers and rate. None: it has.
std::optional<reply> refuse_at_gate(world& w, const request& asked, epoch_ms now);

/// The order list. `now` is the wall clock with --clock-offset applied. Refusals of the headers are HTTP 401 with an
/// envelope: 40101 a header is missing, 40102 unknown access-key, 40103 timestamp malformed, 40104 timestamp more than
/// 600 s off, 40105 nonce-str malformed, 40106 signature wrong, 40107 nonce-str used before. Wrong parameters are HTTP
/// 200 with the codes of query.hpp, too many requests HTTP 429 with code 42900.
reply handle_page(world& w, const request& asked, epoch_ms now);

/// GET /_stats and the switches for tests; see the README. Unknown paths are 404.
reply handle_control(world& w, const request& asked, epoch_ms now);

/// A change of one order, chosen at random: one step of its life, or with --mutate-open an open one's next status.
void change_one(world& w, epoch_ms now);

/// Lets `elapsed_ms` before `now` pass: adds and changes the orders that --live and --mutate make due.
void advance(world& w, epoch_ms now, std::int64_t elapsed_ms);

}  // namespace pandapon_sim
