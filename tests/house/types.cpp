#include "house/types.hpp"

#include "house/source_text.hpp"

#include <algorithm>
#include <regex>

namespace ordersync::house {
namespace {

// What a pair of braces holds.
struct scope {
  enum class kind { named, unnamed, other } of = kind::other;
  std::string name;  // of a named namespace: ordersync::store
};

class scanner {
 public:
  explicit scanner(std::string path) : path_(std::move(path)) {}

  std::vector<type_definition> run(const std::vector<source_line>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool directive = lines[i].code.find_first_not_of(' ') == lines[i].code.find('#');
      if (directive && lines[i].code.find('#') != std::string::npos) continue;
      for (const char c : lines[i].code + " ") step(c, i + 1);
    }
    return std::move(found_);
  }

 private:
  void step(char c, std::size_t line) {
    if (c == ';') return head_.clear();
    if (c == '}') {
      if (!scopes_.empty()) scopes_.pop_back();
      return head_.clear();
    }
    if (c != '{') return void(head_ += c);
    open(line);
    head_.clear();
  }

  // head_ is what stands before an opening brace.
  void open(std::size_t line) {
    static const std::regex space{R"(^\s*(?:inline\s+)?namespace\b\s*([\w:]*)\s*$)"};
    static const std::regex type{
        R"(^\s*(?:template\s*<.*>\s*)?(?:class|struct|union|enum(?:\s+class)?)\s+(?:\[\[.*\]\]\s*)?(\w+)\s*(?:final\s*)?(?::[^:].*)?$)"};
    std::smatch match;
    if (std::regex_match(head_, match, space)) {
      scopes_.push_back({match[1].length() == 0 ? scope::kind::unnamed : scope::kind::named, match[1]});
      return;
    }
    if (std::regex_match(head_, match, type) && visible())
      found_.push_back({full(match[1]), "src/" + path_ + ":" + std::to_string(line)});
    scopes_.push_back({});
  }

  bool visible() const {
    return std::ranges::all_of(scopes_, [](const scope& outer) { return outer.of == scope::kind::named; });
  }
  std::string full(const std::string& name) const {
    std::string text;
    for (const auto& outer : scopes_) text += outer.name + "::";
    return text + name;
  }

  std::string path_;
  std::string head_;
  std::vector<scope> scopes_;
  std::vector<type_definition> found_;
};

}  // namespace

std::vector<type_definition> types_defined(const std::string& path, const std::string& text) {
  return scanner{path}.run(split_source(text));
}

std::vector<std::string> types_defined_twice(const source_tree& tree) {
  std::map<std::string, std::vector<std::string>> places;
  for (const auto& [path, text] : tree) {
    for (const auto& type : types_defined(path, text)) places[type.name].push_back(type.place);
  }
  std::vector<std::string> found;
  for (const auto& [name, at] : places) {
    if (at.size() < 2) continue;
    std::string line = name + " is defined more than once";
    for (const auto& place : at) line += ", " + place;
    found.push_back(line + "; give each its own name, or put what only one source uses into an unnamed namespace");
  }
  return found;
}

}  // namespace ordersync::house
