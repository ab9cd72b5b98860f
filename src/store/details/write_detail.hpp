#pragma once
// The one transaction of a detail: what it says, what belongs to it, the state that it supersedes, what was found
// besides, and the queue.

#include "store/details/detail_rows.hpp"
#include "store/details/details.hpp"
#include "store/pg/connection.hpp"
#include "store/pg/settings.hpp"

#include <optional>
#include <string>
#include <utility>

namespace ordersync::store::details {

// What is written for one answer of the API, over all tries of its transaction.
struct detail_write {
  detail_write(std::string by, read_detail what, std::optional<pg::detail_rules> setting)
      : account(std::move(by)), read(std::move(what)), rules(setting), parts(parts_of(read)) {}

  std::string account;  // that read it
  read_detail read;     // redacted by the first try
  std::optional<pg::detail_rules> rules;
  served_parts parts;  // of the payloads before that
  bool again = false;  // decoded again from stored payloads: says nothing of what is due
  // What a try has written whose commit may have been lost. A later try finds that there.
  std::optional<written> tried{};
};

// Inside a transaction. Takes the writers' lock only when there is something to write besides the queue.
written write_detail(pg::connection& db, detail_write& work);

}  // namespace ordersync::store::details
