#pragma once
// `ordersync --config FILE VERB`: data on stdout, what there is to say about it on stderr, the exit code gives the
// outcome.

namespace ordersync::cli {

// Runs the verb that the arguments name. Never throws.
int run(int argc, char** argv) noexcept;

}  // namespace ordersync::cli
