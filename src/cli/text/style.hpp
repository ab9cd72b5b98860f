#pragma once
// The only code that knows a terminal's escape sequences for colours and for a screen that is drawn over.
//
// One thread prints.

#include <string>
#include <string_view>

namespace ordersync::cli::text {

enum class style { plain, good, doubtful, bad, heading };

// "auto": on a terminal, unless NO_COLOR is set to something or TERM is dumb; "always"; "never". For all that follows.
void use_colours(std::string_view when);

// The text as stdout is to show it. The text holds no control characters.
std::string styled(style how, std::string_view text);

}  // namespace ordersync::cli::text
