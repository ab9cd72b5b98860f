#include "sync/ports.hpp"

namespace ordersync::sync {

const char* name(sweep_kind kind) noexcept {
  switch (kind) {
    case sweep_kind::live:
      return "live";
    case sweep_kind::revisit:
      return "revisit";
    case sweep_kind::backfill:
      return "backfill";
    case sweep_kind::verify:
      return "verify";
  }
  return "live";
}

const char* name(sweep_outcome outcome) noexcept {
  switch (outcome) {
    case sweep_outcome::proven:
      return "proven";
    case sweep_outcome::unproven:
      return "unproven";
    case sweep_outcome::partial:
      return "partial";
    case sweep_outcome::split:
      return "split";
    case sweep_outcome::failed:
      return "failed";
  }
  return "failed";
}

}  // namespace ordersync::sync
