#pragma once
// The command line as a plain tree, read out of CLI11's, for the manual page and the completion.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace packaging {

struct command_option {
  std::vector<std::string> names;  // "--json"; of a positional one: its name alone
  std::string value;               // "TIME"; empty: it takes none
  std::string fallback;
  std::string description;
  std::vector<std::string> choices;  // all values there are; empty: others too
  bool required = false;
  bool positional = false;
};

struct verb {
  std::string path;  // "backfill create"; of the program itself: empty
  std::string description;
  std::string footer;
  std::vector<command_option> options;
  std::vector<verb> below;
};

// With every verb below `help` too, as it is typed there.
verb with_help(verb program);

// Hidden verbs and options (without a group) are left out.
verb tree_of(const CLI::App& app);

}  // namespace packaging
