#pragma once
// What a configuration is made of: files, standard input, and environment variables, in the order in which later ones
// take precedence.
//
// A variable sets one key: ORDERSYNC_SYNC__LIVE__EVERY is sync.live.every. Its value is the key's, as it is; of a list
// or a section it is YAML. An empty one counts as absent.

#include "config/document.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::config {

struct source {
  origin from;
  std::string text;
  std::string key = {};  // of a variable: which one it sets; empty: `text` is a YAML document
};

struct source_request {
  std::vector<std::string> files;        // "-": standard input. Beside the first, conf.d/*.yaml is read too, by name
  bool optional = false;                 // the first file may be missing, as long as a variable is set
  std::vector<std::string> environment;  // "NAME=value", all of the process
  std::optional<std::string> standard_input;  // its text, where it was read before; reading it is for once
  bool strict = true;                         // false: a variable of no key, or of a secret, is passed over
};

inline constexpr std::string_view standard_input_name = "standard input";

// Blocks on the file system, and on standard input where that is asked for.
checked<std::vector<source>> gather(const source_request& what);

// "ORDERSYNC_SYNC__LIVE__EVERY" of "sync.live.every"; of a key of a list's elements the list's.
std::string variable_of(std::string_view key);

// The source as one tree, in which every node knows the source's number. What is wrong goes to `problems`; nothing
// where it is not usable at all.
std::optional<node> tree_of(const source& one, int number, std::vector<problem>& problems);

// `later` takes precedence: mappings are joined member by member, anything else is replaced, by null never.
void merge(node& into, node later);

}  // namespace ordersync::config
