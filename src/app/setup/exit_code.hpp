#pragma once
// The exit codes that scripts and units rely on. 0 is done.

#include "core/error.hpp"

namespace ordersync::app::setup {

enum class exit_code {
  done = 0,
  unhealthy = 1,  // of health alone
  usage = 2,      // the command line or the configuration
  api = 3,        // the API cannot be reached or fails
  refused = 4,    // the API refuses the credentials
  database = 5,
  incomplete = 6,  // it went through, but the mirror is incomplete: a gap, a mismatch, something quarantined
  defect = 70,     // ours
  output = 74,     // stdout does not take what is printed, as on a full disk
};

constexpr exit_code code_of(core::failure kind) noexcept {
  switch (kind) {
    case core::failure::unreachable:
    case core::failure::untrusted:
    case core::failure::overloaded:
    case core::failure::unusable_reply:
      return exit_code::api;
    case core::failure::refused:
    case core::failure::not_permitted:
      return exit_code::refused;
    case core::failure::database_down:
    case core::failure::database:
      return exit_code::database;
    case core::failure::input:
      return exit_code::usage;
    case core::failure::defect:
      return exit_code::defect;
  }
  return exit_code::defect;
}

// Of two outcomes the one that needs a person more: a defect, the output, the database, the configuration, credentials,
// the API, gaps.
constexpr exit_code worse(exit_code a, exit_code b) noexcept {
  const auto rank = [](exit_code code) {
    switch (code) {
      case exit_code::done:
        return 0;
      case exit_code::unhealthy:
      case exit_code::incomplete:
        return 1;
      case exit_code::api:
        return 2;
      case exit_code::refused:
        return 3;
      case exit_code::usage:
        return 4;
      case exit_code::database:
        return 5;
      case exit_code::output:
        return 6;
      case exit_code::defect:
        return 7;
    }
    return 7;
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace ordersync::app::setup
