#include "house/source_text.hpp"

#include <cctype>

namespace ordersync::house {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class splitter {
 public:
  explicit splitter(std::string_view text) : text_{text} {}

  std::vector<source_line> run() {
    while (at_ < text_.size()) step();
    return std::move(lines_);
  }

 private:
  enum class kind { code, quoted, comment };

  void step() {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("//")) return take(kind::comment, to(rest, "\n", 0));
    if (rest.starts_with("/*")) return take(kind::comment, past(rest, "*/", 2));
    if (rest.starts_with("R\"") && !(at_ > 0 && is_word(text_[at_ - 1]))) return take_raw(rest);
    if (rest.front() == '"' || (rest.front() == '\'' && !(at_ > 0 && is_word(text_[at_ - 1]))))
      return take_quoted(rest);
    take(kind::code, 1);
  }

  void take_raw(std::string_view rest) {
    const auto open = rest.find('(');
    if (open == std::string_view::npos) return take(kind::code, 1);
    const auto closing = ")" + std::string{rest.substr(2, open - 2)} + "\"";
    take(kind::code, open + 1);
    const auto inside = to(rest, closing, open + 1) - open - 1;
    take(kind::quoted, inside);
    take(kind::code, std::min(closing.size(), text_.size() - at_));
  }

  void take_quoted(std::string_view rest) {
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != rest.front() && rest[end] != '\n') end += rest[end] == '\\' ? 2 : 1;
    end = std::min(end, rest.size());
    take(kind::code, 1);
    take(kind::quoted, end - 1);
    if (end < rest.size()) take(kind::code, 1);
  }

  static std::size_t to(std::string_view rest, std::string_view what, std::size_t from) {
    return std::min(rest.find(what, from), rest.size());
  }
  static std::size_t past(std::string_view rest, std::string_view what, std::size_t from) {
    return std::min(to(rest, what, from) + what.size(), rest.size());
  }

  void take(kind as, std::size_t count) {
    for (const char c : text_.substr(at_, count)) {
      if (lines_.empty()) lines_.emplace_back();
      if (c == '\n') {
        lines_.emplace_back();
        continue;
      }
      auto& line = lines_.back();
      line.code += as == kind::code ? c : ' ';
      line.quoted += as == kind::quoted ? c : ' ';
      line.written += as == kind::comment ? ' ' : c;
    }
    at_ += count;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<source_line> lines_;
};

}  // namespace

std::vector<source_line> split_source(std::string_view text) {
  return splitter{text}.run();
}

}  // namespace ordersync::house
