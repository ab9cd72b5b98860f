// A directory of its own for one test, removed with all it holds when the object goes.
// Hazard: the mode is 0700, so a program that runs as another user cannot reach into it (see postgres_cluster).
#pragma once

#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <system_error>

namespace ordersync::test_support {

class temp_dir {
 public:
  // Throws std::system_error where the directory cannot be made. The path stays short (`/tmp/os-XXXXXX`), because
  // the path of a unix socket inside it must fit 107 bytes; so TMPDIR is not looked at.
  temp_dir() {
    std::string pattern = "/tmp/os-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), "cannot make a directory in /tmp");
    }
    path_ = pattern;
  }
  ~temp_dir() {
    std::error_code ignored;  // what a killed test leaves in /tmp is small, and no reason to fail another
    std::filesystem::remove_all(path_, ignored);
  }
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Writes `text` to the file `name` inside, with that mode, and returns the file's path.
  std::filesystem::path write(const std::string& name, std::string_view text,
                              std::filesystem::perms mode = std::filesystem::perms{0600}) const {
    const auto file = path_ / name;
    std::ofstream out{file, std::ios::binary};
    out << text;
    out.close();
    if (!out) throw std::runtime_error{"cannot write " + file.string()};
    std::filesystem::permissions(file, mode);
    return file;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace ordersync::test_support
