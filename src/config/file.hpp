#pragma once
// Reading a whole file, bounded, without ever waiting: a pipe or a device is refused. Standard input alone is waited
// for.

#include "config/secret.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ordersync::config {

struct file_content {
  std::optional<std::vector<char>> bytes;
  std::string complaint;  // when there are none: "cannot be opened: No such file or directory"
  bool missing = false;   // there is nothing of this name
};

// Who else may do what with a file; more is refused before it is read.
enum class allowed {
  anything,
  reading,  // group and others may not write: a systemd credential, which an access control list may open
  // Nothing but reading, and that where the file is root's and on a read-only mount or below /run/secrets.
  nothing
};

// At most `largest` bytes; of a longer file nothing is returned.
file_content read_file(const std::filesystem::path& path, std::size_t largest, allowed to_others);

// The same of standard input to its end, whatever that is; waits for it.
file_content read_standard_input(std::size_t largest);

// Nothing when `path` is a regular file that this process may read.
std::optional<std::string> why_unreadable(const std::filesystem::path& path);

}  // namespace ordersync::config
