#include "cli/text/screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace ordersync::cli::text {
namespace {

constexpr std::size_t usual_columns = 80;
constexpr std::size_t usual_rows = 24;

std::pair<std::size_t, std::size_t> size_of_stdout() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {usual_columns, usual_rows};
  return {size.ws_col > 0 ? size.ws_col : usual_columns, size.ws_row > 0 ? size.ws_row : usual_rows};
}

}  // namespace

screen::screen() : terminal_(::isatty(STDOUT_FILENO) == 1) {}

namespace {

// As many rows as it takes where each holds as little as it may, with a wide character that does not fit.
std::size_t height_of(const styled_line& line, std::size_t columns) {
  return width_of(rendered({line.text})) / std::max<std::size_t>(1, columns - 1) + 1;
}

// How many of the lines there is room for.
std::size_t that_fit(const std::vector<styled_line>& lines, std::size_t columns, std::size_t rows) {
  std::size_t used = 0;
  std::size_t count = 0;
  for (const auto& line : lines) {
    used += height_of(line, columns);
    if (used > rows) break;
    ++count;
  }
  return count;
}

std::string mark_of(std::size_t left_out) {
  return fmt::format("... {} more line{}; a taller terminal, or ordersync status, shows {}", left_out,
                     left_out == 1 ? "" : "s", left_out == 1 ? "it" : "them");
}

}  // namespace

std::string screen::drawn(const std::vector<styled_line>& lines, std::size_t columns, std::size_t rows) {
  constexpr std::string_view end_of_line = "\x1b[K\n";
  const auto width = columns - std::min<std::size_t>(1, columns);
  const auto room = rows - std::min<std::size_t>(1, rows);  // the cursor stays below
  auto count = that_fit(lines, columns, room);
  if (count < lines.size() && room > 1) count = that_fit(lines, columns, room - 1);
  std::string sent = "\x1b[H";
  for (std::size_t i = 0; i < count; ++i) sent.append(rendered(lines[i])).append(end_of_line);
  if (count == 0 && !lines.empty()) {
    // Of a terminal that is too small for one line its beginning.
    sent.append(fitting(rendered({lines.front().text}), width)).append(end_of_line);
    ++count;
  }
  if (count < lines.size() && room > 1) sent.append(fitting(mark_of(lines.size() - count), width)).append(end_of_line);
  return sent + "\x1b[J";
}

void screen::show(const std::vector<styled_line>& lines) {
  const bool first = !std::exchange(begun_, true);
  if (terminal_) {
    const auto [columns, rows] = size_of_stdout();
    print_bytes((first ? "\x1b[2J" : "") + drawn(lines, columns, rows));
  } else {
    if (!first) print("");
    for (const auto& line : lines) print(line);
  }
}

}  // namespace ordersync::cli::text
