#pragma once
// How values are shown to people and to machines.

#include "app/tasks/maintenance_views.hpp"
#include "cli/text/style.hpp"
#include "core/time.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::cli::text {

// Whatever a text holds, a terminal shows it and is not controlled by it; a moment in it is shown in the zone of
// show_moments_in(). A line that cannot be written is remembered: see output_problem().

// One line on stdout.
void print(const std::string& line);
// A line of which the beginning, or all of it, stands out.
struct styled_line {
  std::string text;
  style how = style::plain;
  std::size_t bytes = std::string::npos;  // of the text, which has only ASCII up to there; npos: all
};
void print(const styled_line& line);
// As it is printed, without the end of the line.
std::string rendered(const styled_line& line);
// One line on stderr.
void say(const std::string& line);
// Several lines, each ended by '\n'.
void print_lines(std::string_view lines);
// A text that is shown for what it is: moments in it stay as they are.
void print_text(std::string_view text);
// Bytes for a program, as they are. False when stdout does not take them: see output_problem().
bool print_bytes(std::string_view bytes);
// As one line of JSON on stdout.
void print_json(const boost::json::value& value);

// Before anything else is opened: a closed stdin, stdout or stderr would come to be a socket or a file of ours.
void occupy_standard_streams() noexcept;
void show_moments_in(std::chrono::minutes zone);
// What was printed is shown now.
void flush_output();
// Asks on the terminal, and waits for the answer: whether that is yes. False at the end of stdin.
bool confirm(const std::string& question);
// Whether somebody can be asked: stdin and stderr are terminals.
bool is_interactive() noexcept;
// Writes out what is left; why stdout did not take all that was printed, if it did not.
std::optional<std::string> output_problem();

// So many columns fit beside each other on the terminal of stderr: its width, $COLUMNS, or 80.
std::size_t columns_of_terminal();
// So many columns a line takes at most. Whatever is not ASCII is taken for two columns wide.
std::size_t width_of(std::string_view line);
// The beginning of a line that fits into so many columns. Whatever is not ASCII is taken for two columns wide.
std::string fitting(std::string_view line, std::size_t columns);

// What somebody wrote by mistake, for a message: of a long one its beginning.
std::string shortened(std::string_view text);

// "3 orders: 3 receivers, 2 warehouse addresses, 3 payloads, 4 contacts of details, 0 texts in quarantine".
std::string erasure_text(const store::maintenance::erasure& took);
boost::json::object erasure_json(const store::maintenance::erasure& took);

}  // namespace ordersync::cli::text
