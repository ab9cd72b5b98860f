// Splits the text of a C++ source into what is code, what is quoted and what is comment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ordersync::house {

// A line of a source seen three ways, each of the length of the line, with blanks for what was left out.
struct source_line {
  std::string code;     // neither comments nor what stands inside quotes
  std::string quoted;   // only what stands inside quotes
  std::string written;  // all but the comments
};

// Knows line and block comments, string and character literals, raw strings and digit separators.
std::vector<source_line> split_source(std::string_view text);

}  // namespace ordersync::house
