// The flags of behaviour.hpp. They have a heading of their own in --help, and the README a table of them.
#pragma once

#include "behaviour.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace pandapon_sim {

/// `set` must outlive the parsing; a wrong value throws std::runtime_error there.
void add_behaviour_flags(CLI::App& app, behaviour& set);

}  // namespace pandapon_sim
