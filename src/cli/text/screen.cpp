#include "cli/text/screen.hpp"

#include <algorithm>
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

std::string screen::drawn(const std::vector<styled_line>& lines, std::size_t columns, std::size_t rows) {
  std::string sent = "\x1b[H";
  std::size_t used = 1;  // the cursor stays below
  for (const auto& line : lines) {
    // As many rows as it takes where each holds as little as it may, with a wide character that does not fit.
    const auto height = width_of(rendered({line.text})) / std::max<std::size_t>(1, columns - 1) + 1;
    if (used + height > rows) {
      // Of a terminal that is too small for one line its beginning.
      if (used == 1) sent += fitting(rendered({line.text}), columns - std::min<std::size_t>(1, columns)) + "\x1b[K\n";
      break;
    }
    used += height;
    sent += rendered(line) + "\x1b[K\n";
  }
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
