#pragma once
// Thrown through a transaction when the database is well but what is asked does not fit it. The runner turns it into
// its error; nothing was written. It never leaves this room.

#include "core/error.hpp"

#include <exception>
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

}  // namespace ordersync::store::pg
