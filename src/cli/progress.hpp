#pragma once
// Shows how a sweep comes along, on stderr: on a terminal one line that is written over, elsewhere a line every 10 s.

#include "app/session.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace ordersync::cli {

class progress_line {
 public:
  progress_line();

  // Call as often as there is news.
  void show(std::string_view account, const sync::sweep_progress& progress);
  // Ends the line on a terminal.
  void finish();

  // "main: 12 windows, 8,400 of about 20,000 orders, 1,250/s, about 10 s left".
  static std::string text(std::string_view account, const sync::sweep_progress& progress,
                          std::chrono::duration<double> since);

 private:
  using clock = std::chrono::steady_clock;

  bool terminal_;
  std::string account_;
  clock::time_point begun_;
  clock::time_point shown_;
  bool dirty_ = false;
};

}  // namespace ordersync::cli
