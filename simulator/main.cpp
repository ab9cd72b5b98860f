// pandapon-sim: a stand-in for the vendor's API. See README.md in this folder.
#include "options.hpp"
#include "server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <utility>

int main(int argc, char** argv) {
  pandapon_sim::command_line command = pandapon_sim::read_command_line(argc, argv);
  if (command.leave_with) return *command.leave_with;
  try {
    pandapon_sim::world world(std::move(command.set));
    boost::asio::io_context io(1);
    pandapon_sim::server server(io, world);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&io](boost::system::error_code, int) { io.stop(); });
    server.start();
    std::cout << "listening on " << server.address() << std::endl;
    io.run();
  } catch (const std::exception& error) {
    std::cerr << "pandapon-sim: " << error.what() << '\n';
    return 2;
  }
  return 0;
}
