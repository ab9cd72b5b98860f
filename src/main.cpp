#include "cli/command_line.hpp"

int main(int argc, char** argv) {
  return ordersync::cli::run(argc, argv);
}
