#pragma once
// Taking proof back. Inside the caller's transaction, under the writers' lock.

#include "store/coverage/trials.hpp"
#include "store/pg/connection.hpp"
#include "sync/interval_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::store::coverage {

// A proof as a contradiction sees it.
struct stored_proof {
  core::window proven;
  bool matching = false;  // it is retracted
};

// Adds to `retracted` what rests on the proof; takes out what it has shown since. Proofs come in the order in which
// their reads began, of two that began together the matching one last. Pure.
void apply_proof(sync::interval_set& retracted, const stored_proof& proof);

// See trials::retract. `id` is the row's in contradictions: 0 before the first try, which draws it, so that a later one
// finds whether that was committed.
std::vector<core::window> retract(pg::connection& db, const std::string& account, const contradiction& what,
                                  std::int64_t& id);

}  // namespace ordersync::store::coverage
