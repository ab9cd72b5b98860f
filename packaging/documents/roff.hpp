#pragma once
// Text for manual pages: escaping, and the few macros of man(7) that the pages use.

#include <string>
#include <string_view>

namespace packaging {

// Running text as one or more roff lines: backslashes, and dots and quotes at the beginning of a line, are made
// harmless.
std::string escaped(std::string_view text);

// The same for what is typed exactly so, such as an option's name: its hyphens can be copied and searched.
std::string literal(std::string_view text);

std::string bold(std::string_view text);    // literal
std::string italic(std::string_view text);  // literal; what is to be replaced by a value

class page {
 public:
  // `date` as it is to be shown.
  page(std::string_view name, int section, std::string_view date, std::string_view version);

  page& heading(std::string_view title);     // .SH
  page& subheading(std::string_view title);  // .SS
  page& paragraph(std::string_view roff);    // of markup already made
  page& item(std::string_view tag, std::string_view roff);
  page& example(std::string_view text);  // shown as it is, indented

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  bool under_heading_ = false;  // a paragraph right below one needs no macro of its own
};

}  // namespace packaging
