#include "store/migrations/sql_statements.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <utility>

namespace ordersync::store::migrations {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string_view word) {
  std::string out{word};
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

class scanner {
 public:
  explicit scanner(std::string_view script) : script_(script) {}

  std::vector<std::string_view> statements() {
    while (at_ < script_.size()) step();
    end_statement();
    return std::move(found_);
  }

 private:
  void step() {
    const auto rest = script_.substr(at_);
    const char c = rest.front();
    if (rest.starts_with("--")) return skip_past("\n");
    if (rest.starts_with("/*")) return skip_block_comment();
    if (c == ';' && parentheses_ == 0 && blocks_ == 0) return end_statement();
    if (std::isspace(static_cast<unsigned char>(c)) == 0) empty_ = false;
    if (c == '\'') return skip_text(std::exchange(escapes_, false));
    if (c == '"') return skip_text(false);
    if (c == '$') return skip_dollar_quote();
    if (is_word(c)) return take_word();
    parentheses_ += c == '(' ? 1 : 0;
    parentheses_ -= c == ')' ? 1 : 0;
    ++at_;
  }

  void skip_past(std::string_view end) {
    const auto found = script_.find(end, at_);
    at_ = found == std::string_view::npos ? script_.size() : found + end.size();
  }

  // They nest.
  void skip_block_comment() {
    int depth = 0;
    do {
      const auto rest = script_.substr(at_);
      const int change = rest.starts_with("/*") ? 1 : rest.starts_with("*/") ? -1 : 0;
      depth += change;
      at_ += change == 0 ? 1 : 2;
    } while (depth > 0 && at_ < script_.size());
  }

  // A doubled quote is read as the end of one text and the beginning of the next.
  void skip_text(bool with_escapes) {
    const char quote = script_[at_++];
    while (at_ < script_.size() && script_[at_] != quote) at_ += with_escapes && script_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, script_.size());
  }

  // $$ or $tag$; a parameter such as $1 is none.
  void skip_dollar_quote() {
    auto end = at_ + 1;
    while (end < script_.size() && is_word(script_[end])) ++end;
    const bool parameter =
        std::isdigit(static_cast<unsigned char>(script_[std::min(at_ + 1, script_.size() - 1)])) != 0;
    if (parameter || end >= script_.size() || script_[end] != '$') {
      at_ = end;
      return;
    }
    const auto tag = script_.substr(at_, end + 1 - at_);
    at_ = end + 1;
    skip_past(tag);
  }

  void take_word() {
    auto end = at_;
    while (end < script_.size() && (is_word(script_[end]) || script_[end] == '$')) ++end;
    const auto word = lower(script_.substr(at_, end - at_));
    at_ = end;
    escapes_ = word == "e" && at_ < script_.size() && script_[at_] == '\'';
    if (escapes_) return;
    // Inside such a body only CASE ends with END as well.
    if (blocks_ > 0)
      blocks_ += word == "begin" || word == "case" ? 1 : word == "end" ? -1 : 0;
    else if (word == "atomic" && before_ == "begin")
      blocks_ = 1;
    before_ = word;
  }

  void end_statement() {
    if (!empty_) found_.push_back(script_.substr(begin_, at_ - begin_));
    at_ = std::min(at_ + 1, script_.size());
    begin_ = at_;
    empty_ = true;
    before_.clear();
  }

  std::string_view script_;
  std::vector<std::string_view> found_;
  std::size_t at_ = 0, begin_ = 0;
  std::string before_;
  int parentheses_ = 0, blocks_ = 0;
  bool empty_ = true, escapes_ = false;
};

}  // namespace

std::vector<std::string_view> sql_statements(std::string_view script) {
  return scanner{script}.statements();
}

}  // namespace ordersync::store::migrations
