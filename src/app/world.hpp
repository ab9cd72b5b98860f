#pragma once
// The wall clock and chance: the only place where either is read. Everybody else is given these functions.

#include "core/time.hpp"

#include <cstdint>
#include <functional>

namespace ordersync::app {

// Any thread.
std::function<core::instant()> wall_clock();

// 64 random bits a call, from the operating system's generator. Used for nonces, so not predictable. One thread.
std::function<std::uint64_t()> chance();

}  // namespace ordersync::app
