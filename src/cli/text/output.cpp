#include "cli/text/output.hpp"

#include "core/local_time.hpp"
#include "core/printable.hpp"
#include "core/utf8.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

namespace ordersync::cli::text {

namespace {

std::chrono::minutes shown_zone{0};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): one thread prints
int output_error = 0;                // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): as above

bool put(std::string_view line, FILE* into) {
  return std::fwrite(line.data(), 1, line.size(), into) == line.size();
}

void put_out(const std::string& line) {
  if (!put(line + '\n', stdout) && output_error == 0) output_error = errno;
}

}  // namespace

void print(const std::string& line) {
  put_out(core::printable(core::in_zone(line, shown_zone)));
}

void print(const styled_line& line) {
  put_out(rendered(line));
}

std::string rendered(const styled_line& line) {
  const auto end = std::min(line.bytes, line.text.size());
  const auto safe = [](const std::string& text) { return core::printable(core::in_zone(text, shown_zone)); };
  return styled(line.how, safe(line.text.substr(0, end))) + safe(line.text.substr(end));
}

void say(const std::string& line) {
  // There is nowhere left to say that stderr took nothing.
  put(core::printable(core::in_zone(line, shown_zone)) + '\n', stderr);
}

void print_lines(std::string_view lines) {
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    print(std::string(lines.substr(0, end)));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

void print_text(std::string_view text) {
  put_out(core::printable(text));
}

bool print_bytes(std::string_view bytes) {
  if (!put(bytes, stdout) && output_error == 0) output_error = errno;
  return output_error == 0;
}

void print_json(const boost::json::value& value) {
  print_text(boost::json::serialize(value));
}

void occupy_standard_streams() noexcept {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    // For the other direction, so that its use still fails.
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) [[maybe_unused]]
      const int lowest_free = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void show_moments_in(std::chrono::minutes zone) {
  shown_zone = zone;
}

void flush_output() {
  if (std::fflush(stdout) != 0 && output_error == 0) output_error = errno;
}

bool is_interactive() noexcept {
  return ::isatty(STDIN_FILENO) == 1;
}

bool confirm(const std::string& question) {
  // What is not seen cannot be answered.
  if (::isatty(STDERR_FILENO) != 1) return false;
  put(core::printable(question) + " [y/N] ", stderr);
  std::fflush(stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

std::optional<std::string> output_problem() {
  if (std::fflush(stdout) != 0 && output_error == 0) output_error = errno;
  if (output_error == 0) return std::nullopt;
  const bool is_full = output_error == ENOSPC || output_error == EDQUOT || output_error == EFBIG;
  return fmt::format("cannot write to stdout: {}; {}", std::generic_category().message(output_error),
                     is_full ? "free disk space or redirect the output elsewhere"
                             : "redirect the output to a file or a program that reads all of it");
}

std::size_t columns_of_terminal() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  constexpr std::size_t usual = 80;
  const char* columns = std::getenv("COLUMNS");  // NOLINT(concurrency-mt-unsafe): no thread changes the environment
  if (columns == nullptr) return usual;
  std::size_t width = 0;
  const auto read = std::from_chars(columns, columns + std::strlen(columns), width);
  return read.ec == std::errc{} && width > 0 ? width : usual;
}

std::size_t width_of(std::string_view line) {
  std::size_t columns = 0;
  while (!line.empty()) {
    const auto next = core::first_character(line);
    columns += next.code < 0x80 ? 1 : 2;
    line.remove_prefix(next.bytes);
  }
  return columns;
}

std::string fitting(std::string_view line, std::size_t columns) {
  std::size_t bytes = 0;
  while (bytes < line.size()) {
    const auto next = core::first_character(line.substr(bytes));
    const std::size_t wide = next.code < 0x80 ? 1 : 2;
    if (wide > columns) break;
    columns -= wide;
    bytes += next.bytes;
  }
  return std::string(line.substr(0, bytes));
}

std::string shortened(std::string_view text) {
  constexpr std::size_t most = 40;
  auto beginning = fitting(text, most);
  return beginning.size() < text.size() ? beginning + "..." : beginning;
}

std::string erasure_text(const store::maintenance::erasure& took) {
  return fmt::format(
      "{} orders: {} receivers, {} warehouse addresses, {} payloads, {} contacts of details, {} texts in quarantine",
      took.orders, took.receivers, took.warehouse_addresses, took.payloads, took.contacts, took.quarantined);
}

boost::json::object erasure_json(const store::maintenance::erasure& took) {
  return {{"orders", took.orders},     {"receivers", took.receivers}, {"warehouse_addresses", took.warehouse_addresses},
          {"payloads", took.payloads}, {"contacts", took.contacts},   {"quarantined", took.quarantined}};
}

}  // namespace ordersync::cli::text
