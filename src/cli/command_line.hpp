#pragma once
// `ordersync --config FILE VERB`: data on stdout, what there is to say about it on stderr, the exit code gives the
// outcome.

#include "cli/shared/verb.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): its name
class App;
}  // namespace CLI

namespace ordersync::cli {

// The whole command line: every option and verb. The manual page and the shell's completion are made from it, too.
// Both arguments have to outlive the parsing.
void describe(CLI::App& app, shared::command_line& line);

// Runs the verb that the arguments name. Never throws.
int run(int argc, char** argv) noexcept;

}  // namespace ordersync::cli
