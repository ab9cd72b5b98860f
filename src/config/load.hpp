#pragma once
// From a YAML file to settings, or to everything that is wrong with it at once, in the order of the file.
//
// What is relative in the file (ca_file, secret files) is relative to the file's own directory. Secrets are not read
// here: see secrets.hpp. Blocks on the file system; no state, any thread.

#include "config/settings.hpp"

#include <filesystem>
#include <string_view>

namespace ordersync::config {

checked<settings> load(const std::filesystem::path& file);

// The same for a text that is already in memory; `file` gives the name for problems and the directory.
checked<settings> load_text(std::string_view text, const std::filesystem::path& file);

}  // namespace ordersync::config
