#pragma once
// From the sources of a configuration to settings, or to everything that is wrong with them at once, in their order.
//
// Later sources take precedence, key by key; a list is taken whole from the last that has it. What is relative
// (ca_file, secret files) is relative to the directory of the source it stands in. Secrets are not read here: see
// secrets.hpp. Blocks on the file system; no state, any thread.

#include "config/settings.hpp"
#include "config/sources.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::config {

checked<settings> load(const std::vector<source>& sources);

// The settings with the value of one key, which has a default; whatever is wrong with the others does not matter, as
// long as their text can be read.
checked<settings> load_one(const std::vector<source>& sources, std::string_view path);

// The same as load() for one file's text; `file` gives its name and directory.
checked<settings> load_text(std::string_view text, const std::filesystem::path& file);

// A key in force.
struct effective_value {
  std::string key;               // "sync.live.every", "accounts[1].name"
  std::string value;             // as YAML
  std::optional<location> at{};  // none: the default
};
struct explained_settings {
  settings of;
  std::vector<effective_value> values;  // in the order of the table
};
checked<explained_settings> explain(const std::vector<source>& sources);

}  // namespace ordersync::config
