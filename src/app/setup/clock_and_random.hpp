#pragma once
// The wall clock and random numbers: the only place where either is read. Everybody else is given these functions.

#include "core/time.hpp"

#include <cstdint>
#include <functional>

namespace ordersync::app::setup {

// Any thread.
std::function<core::instant()> wall_clock();

// The clock by which orders are observed: that of the database, which said `at_start` just now, carried on by a clock
// that never jumps. So two machines agree about what is newer, and setting a machine's clock ages no order. Any thread.
std::function<core::instant()> observation_clock(core::instant at_start);

// 64 random bits a call, from the operating system's generator. Used for nonces, so not predictable. One thread.
std::function<std::uint64_t()> random_source();

// 1, 2, 3, ... in this process: what logs call a sweep. Any thread.
std::uint64_t next_sweep_number();

}  // namespace ordersync::app::setup
