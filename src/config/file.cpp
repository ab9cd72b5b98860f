#include "config/file.hpp"

#include "config/text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

namespace ordersync::config {
namespace {

class descriptor {
 public:
  // O_NONBLOCK: opening a pipe must not wait for its writer. It changes nothing for a regular file.
  explicit descriptor(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

std::string last_error() {
  return std::system_category().message(errno);
}

std::string why_not_regular(const struct stat& facts) {
  if (S_ISREG(facts.st_mode)) return {};
  return S_ISDIR(facts.st_mode) ? "it is a directory" : "it is not a regular file";
}

constexpr unsigned of_others = 077;
constexpr unsigned writing_of_others = 022;
constexpr unsigned executing_of_others = 011;

bool is_on_read_only_mount(int fd) {
  struct statvfs system {};
  return ::fstatvfs(fd, &system) == 0 && (system.f_flag & ST_RDONLY) != 0;
}

// Where container engines put secrets; symbolic links are followed, as of a volume whose `..data` is replaced.
bool is_below_run_secrets(const std::filesystem::path& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return !error && real.string().starts_with("/run/secrets/");
}

// Container engines set the modes themselves, to 0444 as a rule, because whoever runs in the container is to read the
// file. What guards it is that it is root's, and where it is.
std::string why_not_private(const struct stat& facts, const std::filesystem::path& path, int fd, allowed to_others) {
  const auto mode = facts.st_mode & 07777U;
  if ((mode & of_others) == 0) return {};
  if (to_others == allowed::reading && (mode & writing_of_others) == 0) return {};
  const auto shown = in_quotes(path.string());
  if ((mode & (writing_of_others | executing_of_others)) != 0)
    return fmt::format("{} has mode {:04o}: other users can change or execute it; run: chmod 600 {}", shown, mode,
                       shown);
  const bool guarded = is_on_read_only_mount(fd) || is_below_run_secrets(path);
  if (guarded && facts.st_uid == 0) return {};
  if (guarded)
    return fmt::format(
        "{} has mode {:04o} and does not belong to root: other users can read it; run: chown root {} or "
        "chmod 600 {}",
        shown, mode, shown, shown);
  return fmt::format(
      "{} has mode {:04o}: other users can read it, which is allowed of root's files on a read-only mount "
      "or below /run/secrets alone; run: chmod 600 {}",
      shown, mode, shown);
}

// One byte more than `largest` proves that the file is too long.
file_content read_all(int fd, std::size_t largest) {
  std::vector<char> bytes(largest + 1);
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(fd, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      if (got == 0) break;
      wipe(bytes);
      return {std::nullopt, "cannot be read: " + last_error()};
    }
    have += static_cast<std::size_t>(got);
  }
  if (have > largest) {
    wipe(bytes);
    return {std::nullopt, fmt::format("is larger than {} bytes; check that it is the right file", largest)};
  }
  bytes.resize(have);  // shrinking keeps the storage, so no copy stays behind
  return {std::move(bytes), {}};
}

}  // namespace

file_content read_file(const std::filesystem::path& path, std::size_t largest, allowed to_others) {
  const descriptor file(path);
  if (file.get() < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG;
    return {std::nullopt, "cannot be opened: " + last_error(), missing};
  }
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return {std::nullopt, "cannot be checked: " + last_error()};
  if (const std::string why = why_not_regular(facts); !why.empty()) return {std::nullopt, "cannot be read: " + why};
  if (to_others != allowed::anything) {
    if (std::string why = why_not_private(facts, path, file.get(), to_others); !why.empty())
      return {std::nullopt, std::move(why)};
  }
  return read_all(file.get(), largest);
}

file_content read_standard_input(std::size_t largest) {
  return read_all(STDIN_FILENO, largest);
}

std::optional<std::string> why_unreadable(const std::filesystem::path& path) {
  const descriptor file(path);
  if (file.get() < 0) return last_error();
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return last_error();
  const std::string why = why_not_regular(facts);
  return why.empty() ? std::nullopt : std::optional(why);
}

}  // namespace ordersync::config
