#include "core/error.hpp"

namespace ordersync::core {

const char* name(failure kind) noexcept {
  switch (kind) {
    case failure::unreachable:
      return "unreachable";
    case failure::untrusted:
      return "untrusted";
    case failure::overloaded:
      return "overloaded";
    case failure::refused:
      return "refused";
    case failure::not_permitted:
      return "not_permitted";
    case failure::unusable_reply:
      return "unusable_reply";
    case failure::database_down:
      return "database_down";
    case failure::database:
      return "database";
    case failure::input:
      return "input";
    case failure::defect:
      return "defect";
  }
  return "defect";
}

}  // namespace ordersync::core
