#include "cli/text/style.hpp"

#include <cstdlib>
#include <unistd.h>

namespace ordersync::cli::text {
namespace {

bool has_text(const char* variable) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): no thread changes the environment
  return value != nullptr && *value != '\0';
}

bool are_wanted() {
  const char* terminal = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): as above
  const bool dumb = terminal != nullptr && std::string_view{terminal} == "dumb";
  return ::isatty(STDOUT_FILENO) == 1 && !has_text("NO_COLOR") && !dumb;
}

bool in_colour = false;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): one thread prints

std::string_view begin_of(style how) {
  switch (how) {
    case style::good:
      return "\x1b[32m";
    case style::doubtful:
      return "\x1b[33m";
    case style::bad:
      return "\x1b[31m";
    case style::heading:
      return "\x1b[1m";
    case style::plain:
      break;
  }
  return {};
}

}  // namespace

void use_colours(std::string_view when) {
  in_colour = when == "always" || (when == "auto" && are_wanted());
}

std::string styled(style how, std::string_view text) {
  const auto begin = begin_of(how);
  if (!in_colour || begin.empty() || text.empty()) return std::string{text};
  return std::string{begin}.append(text).append("\x1b[0m");
}

}  // namespace ordersync::cli::text
