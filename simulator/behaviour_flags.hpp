// The flags of behaviour.hpp, and those of the recipe that go with them. They have a heading of their own in --help,
// and the README a table of them.
#pragma once

#include "options.hpp"

#include <CLI/CLI.hpp>

namespace pandapon_sim {

/// `set` must outlive the parsing; a wrong value throws std::runtime_error there.
void add_behaviour_flags(CLI::App& app, options& set);

}  // namespace pandapon_sim
