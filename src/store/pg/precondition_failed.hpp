#pragma once
// Thrown through a transaction when the database is well but what is asked does not fit it. The runner turns it into
// its error; nothing was written. It never leaves this room.

#include "core/error.hpp"

#include <exception>
#include <string>
#include <utility>

namespace ordersync::store::pg {

class precondition_failed : public std::exception {
 public:
  explicit precondition_failed(core::error why) : why_(std::move(why)) {}
  const char* what() const noexcept override { return why_.what.c_str(); }
  const core::error& why() const noexcept { return why_; }

 private:
  core::error why_;
};

[[noreturn]] inline void refuse(core::failure kind, std::string what) {
  throw precondition_failed(core::make_error(kind, std::move(what)));
}

}  // namespace ordersync::store::pg
