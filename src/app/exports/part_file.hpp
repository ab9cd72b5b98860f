#pragma once
// A file that is there in full or not at all: written as FILE.part, and renamed once it is on the disk. What a process
// that was killed leaves is a .part, which the next one writes anew.
//
// Errors: failure::input, in words that name the file and the system's reason. One thread at a time; two processes
// cannot write the same file at once.

#include "core/error.hpp"

#include <filesystem>
#include <string_view>
#include <utility>

namespace ordersync::app::exports {

// An error where there is a directory, a link or a device of that name.
core::result<void> free_for_a_file(const std::filesystem::path& file);

class part_file {
 public:
  // `confidential`: nobody but its owner may read it. What is there and no plain file is refused.
  static core::result<part_file> open(const std::filesystem::path& file, bool confidential);
  part_file(part_file&& other) noexcept
      : file_(std::move(other.file_)),
        part_(std::move(other.part_)),
        descriptor_(std::exchange(other.descriptor_, -1)) {}
  part_file& operator=(part_file&&) = delete;
  ~part_file();  // without finish() the .part goes

  core::result<void> write(std::string_view bytes);
  core::result<void> restart();  // empty again
  core::result<void> finish();

 private:
  part_file(std::filesystem::path file, std::filesystem::path part, int descriptor)
      : file_(std::move(file)), part_(std::move(part)), descriptor_(descriptor) {}
  core::error problem(std::string_view doing) const;
  core::result<void> take_over();

  std::filesystem::path file_, part_;
  int descriptor_;
};

}  // namespace ordersync::app::exports
