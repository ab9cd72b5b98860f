#include "app/exports/part_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ordersync::app::exports {
namespace {

namespace fs = std::filesystem;

core::error failed(std::string_view doing, const fs::path& file, std::string_view reason) {
  return core::make_error(core::failure::input, fmt::format("cannot {} {}: {}", doing, file.string(), reason));
}

std::string last_reason() {
  return std::generic_category().message(errno);
}

// So that the new name outlives a crash of the machine. A file system that cannot do it has done what it can.
void sync_directory(const fs::path& of) {
  const auto name = of.has_parent_path() ? of.parent_path() : fs::path{"."};
  const int directory = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  ::fsync(directory);
  ::close(directory);
}

}  // namespace

core::result<void> free_for_a_file(const fs::path& file) {
  std::error_code unknown;
  const auto there = fs::symlink_status(file, unknown);
  if (fs::is_directory(there)) return failed("write", file, "it is a directory; move it away, or name another file");
  if (fs::exists(there) && !fs::is_regular_file(there))
    return failed("write", file, "it is there and no plain file; leave --output out and redirect the output there");
  return {};
}

core::result<part_file> part_file::open(const fs::path& file, bool confidential) {
  if (const auto free = free_for_a_file(file); free.has_error()) return free.error();
  auto part = file;
  part += ".part";
  constexpr ::mode_t own = 0600;
  constexpr ::mode_t usual = 0666;
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, confidential ? own : usual);
  if (descriptor < 0) return failed("create", part, last_reason());
  part_file made{file, std::move(part), descriptor};
  if (const auto taken = made.take_over(); taken.has_error()) return taken.error();
  if (confidential && ::fchmod(descriptor, own) != 0) return made.problem("protect");
  return made;
}

// Whoever had it before may have renamed it meanwhile: then it is another's finished file.
core::result<void> part_file::take_over() {
  struct ::stat opened {};
  struct ::stat named {};
  const bool ours = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 && ::fstat(descriptor_, &opened) == 0 &&
                    ::stat(part_.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
                    opened.st_dev == named.st_dev;
  if (ours) return restart();
  ::close(std::exchange(descriptor_, -1));
  return failed("write", part_, "another export is writing it; wait until that is done");
}

part_file::~part_file() {
  if (descriptor_ < 0) return;
  ::unlink(part_.c_str());
  ::close(descriptor_);
}

core::error part_file::problem(std::string_view doing) const {
  return failed(doing, part_, last_reason());
}

core::result<void> part_file::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return problem("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

core::result<void> part_file::restart() {
  if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0) return problem("empty");
  return {};
}

core::result<void> part_file::finish() {
  if (::fsync(descriptor_) != 0) return problem("write");
  if (::rename(part_.c_str(), file_.c_str()) != 0) return problem("rename");
  ::close(std::exchange(descriptor_, -1));
  sync_directory(file_);
  return {};
}

}  // namespace ordersync::app::exports
