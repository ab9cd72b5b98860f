#include "config/text.hpp"

#include "core/utf8.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace ordersync::config {
namespace {

// C0 and DEL, and the C1 controls U+0080 to U+009F, which terminals interpret just as well.
bool is_terminal_control(const core::character& c) {
  return c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
}

bool is_white(const core::character& c) {
  return c.code == '\t' || c.code == '\n' || c.code == '\r';
}

}  // namespace

std::size_t characters_in(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), std::not_fn(core::is_continuation)));
}

std::size_t first_not_text(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto next = core::first_character(text.substr(i));
    if (!next.valid || (is_terminal_control(next) && !is_white(next))) return i;
    i += next.bytes;
  }
  return std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "\"";
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (++shown > longest) {
      out += "...";
      break;
    }
    const auto next = core::first_character(text.substr(i));
    out += next.valid && !is_terminal_control(next) ? text.substr(i, next.bytes) : "?";
    i += next.bytes;
  }
  return out + '"';
}

namespace {

// In whatever case they are written.
bool is_same_letter(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the table of distances between prefixes: two back, one back, the current one.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (is_same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && is_same_letter(a[i - 1], b[j - 2]) && is_same_letter(a[i - 2], b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

}  // namespace ordersync::config
