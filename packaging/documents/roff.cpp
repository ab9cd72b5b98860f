#include "roff.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace packaging {
namespace {

std::string escaped_with(std::string_view text, std::string_view hyphen) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += hyphen;
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

// Longer lines are frowned upon in the source of a page. A line break means no more than a space there, except that a
// dot or a quote behind it would begin a macro.
std::string wrapped(std::string_view roff) {
  constexpr std::size_t longest = 80;
  std::string out;
  std::size_t column = 0;
  while (!roff.empty()) {
    const auto end = std::min(roff.find_first_of(" \n"), roff.size());
    const std::string_view word = roff.substr(0, end);
    if (column > 0 && column + 1 + word.size() > longest) {
      out.back() = '\n';
      column = 0;
      if (!word.empty() && (word.front() == '.' || word.front() == '\'')) out += "\\&";
    }
    out += word;
    column += word.size() + 1;
    if (end < roff.size()) out += roff[end];
    if (end < roff.size() && roff[end] == '\n') column = 0;
    roff.remove_prefix(std::min(roff.size(), end + 1));
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view text) {
  return escaped_with(text, "-");
}

std::string literal(std::string_view text) {
  return escaped_with(text, "\\-");
}

std::string bold(std::string_view text) {
  return fmt::format("\\fB{}\\fR", literal(text));
}

std::string italic(std::string_view text) {
  return fmt::format("\\fI{}\\fR", literal(text));
}

page::page(std::string_view name, int section, std::string_view date, std::string_view version)
    : text_(fmt::format(".\\\" Made from the program's own tables.\n.TH {} {} \"{}\" \"ordersync {}\"\n", literal(name),
                        section, date, version)) {}

page& page::heading(std::string_view title) {
  text_ += fmt::format(".SH {}\n", title);
  under_heading_ = true;
  return *this;
}

page& page::subheading(std::string_view title) {
  text_ += fmt::format(".SS {}\n", literal(title));
  under_heading_ = true;
  return *this;
}

page& page::paragraph(std::string_view roff) {
  text_ += fmt::format("{}{}\n", under_heading_ ? "" : ".PP\n", wrapped(roff));
  under_heading_ = false;
  return *this;
}

page& page::item(std::string_view tag, std::string_view roff) {
  text_ += fmt::format(".TP\n{}\n{}\n", tag, wrapped(roff));
  under_heading_ = false;
  return *this;
}

page& page::example(std::string_view text) {
  text_ += fmt::format("{}.in +4n\n.nf\n{}\n.fi\n.in\n", under_heading_ ? "" : ".PP\n", literal(text));
  under_heading_ = false;
  return *this;
}

}  // namespace packaging
