#pragma once
// How to reach the database, how long to try again while it fails, and what to note for later. Plain values.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::pg {

// While the database fails for reasons that pass, the operation in hand is run again after first_wait, which doubles up
// to longest_wait, until the database has been failing for give_up_after. From then on each operation is tried once,
// until one succeeds. milliseconds::max(): never. The log has one line (database_retry) at the first failure, then one
// every 10 s at most, and one (database_back) when the database works again.
struct retry_policy {
  std::chrono::milliseconds first_wait{200};
  std::chrono::milliseconds longest_wait{5'000};
  std::chrono::milliseconds give_up_after{60'000};
};

// Of which orders the details are to be read: of those that enter one of these states, as a read stores them. Needs the
// order's number at 1688.
struct detail_rules {
  bool unpaid = false;    // it awaits payment
  bool paid = false;      // it is paid, however far it has come since
  bool shipped = false;   // a parcel is under way
  bool received = false;  // the goods are confirmed
  bool finished = false;  // it is completed
  bool refund = false;    // something of its refund changes
  bool closed = false;    // it is cancelled or terminated
  // By creation; older orders are not queued, and not read again while a parcel is under way.
  std::chrono::seconds younger_than{};
};

struct settings {
  // postgresql://user@host/db?... or key=value pairs. Several hosts are tried in turn, each for 3 s, and 10 s together;
  // libpq's connect_timeout is not looked at.
  std::string url;
  std::string password;  // empty: none, or what libpq finds (PGPASSFILE)
  // All configured accounts. An order keeps the label of the one that it belongs to, whichever reads it; one whose
  // owner is not among them any more, or that had vanished, gets the label of the next account that sees it.
  std::vector<std::string> accounts;
  retry_policy retry;
  // Whether a database whose orders are not distributed over a Citus cluster is refused.
  bool distributed = false;
  // None: no order is queued for its detail.
  std::optional<detail_rules> details{};
  // Id of the daemon, see store::leadership::instance; empty for a command. The daemon's sessions carry it in their
  // name, and have shorter timeouts: whoever leads must not block its successor for long.
  std::string instance{};
};

}  // namespace ordersync::store::pg
