#pragma once
// Whose proof it is. Plain values.

#include <string>

namespace ordersync::store {

// What an account asks the API for. Proof belongs to it: another scope starts its own.
struct account_scope {
  std::string account;
  std::string scope;  // digest of everything that decides which orders the API shows
  std::string asked;  // the same for people; no secrets
};

}  // namespace ordersync::store
