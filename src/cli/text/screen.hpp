#pragma once
// What `--watch` shows: the same lines again and again, on a terminal in place.
//
// One thread prints.

#include "cli/text/output.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ordersync::cli::text {

class screen {
 public:
  screen();

  // On a terminal over what was shown before; elsewhere below it, after an empty line.
  void show(const std::vector<styled_line>& lines);

  // What a terminal of this size is sent: from its upper left corner on, without clearing it first, so that nothing
  // flickers. What is beyond its height is left out, and a last line says so. Pure.
  static std::string drawn(const std::vector<styled_line>& lines, std::size_t columns, std::size_t rows);

 private:
  bool terminal_;
  bool begun_ = false;
};

}  // namespace ordersync::cli::text
