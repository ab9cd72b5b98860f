// The rules of the house, as docs/architecture.md states them, checked on the text of the sources: which room may
// include which, and which word belongs into which room. It reads text and knows no C++ beyond comments and string
// literals, so a macro could hide a breach from it; none is used that way.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ordersync::house {

// The path below src, such as `sync/sweep.hpp`, and the text of that file.
using source_tree = std::map<std::string, std::string>;

// All sources and headers below `src`. Throws where it cannot be read.
source_tree read_tree(const std::filesystem::path& src);

// One line a breach, in the order of the files: `src/FILE:LINE: what is wrong; what to do`.
std::vector<std::string> breaches(const source_tree& tree);

}  // namespace ordersync::house
