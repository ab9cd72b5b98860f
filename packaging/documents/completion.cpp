// Completion for bash.

#include "documents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace packaging {
namespace {

void add_words(std::string& words, const std::string& word) {
  if ((" " + words + " ").find(" " + word + " ") == std::string::npos) words += (words.empty() ? "" : " ") + word;
}

void add_choices(std::string& to, const std::string& name, const std::vector<std::string>& choices) {
  if (to.find("    " + name + ")") != std::string::npos) return;
  to +=
      fmt::format("    {})\n      mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$current\")\n      return\n      ;;\n",
                  name, fmt::join(choices, " "));
}

struct tables {
  std::string cases;  // which words may follow which verbs
  std::string paths;  // the verbs themselves, as patterns of `case`
  std::string with_value;
  std::string files;
  std::string choices;  // lines of `case`
};

void collect(const verb& v, const verb& program, tables& into) {
  std::string words;
  for (const auto& below : v.below) add_words(words, below.path.substr(below.path.rfind(' ') + 1));
  for (const auto* options : {&v.options, &program.options}) {
    for (const auto& o : *options) {
      for (const auto& name : o.names) {
        if (o.positional) {
          for (const auto& one : o.choices) add_words(words, one);
          continue;
        }
        add_words(words, name);
        if (!o.choices.empty())
          add_choices(into.choices, name, o.choices);
        else if (!o.value.empty())
          add_words(o.value == "FILE" ? into.files : into.with_value, name);
      }
    }
  }
  into.cases += fmt::format("    '{}') words='{}' ;;\n", v.path, words);
  if (!v.path.empty()) into.paths += fmt::format("{}'{}'", into.paths.empty() ? "" : " | ", v.path);
  for (const auto& below : v.below) collect(below, program, into);
}

std::string pattern(std::string words) {
  for (auto at = words.find(' '); at != words.npos; at = words.find(' ', at + 3)) words.replace(at, 1, " | ");
  return words;
}

constexpr std::string_view script = R"sh(# Completion of ordersync for bash, made from the program's own tables.

_ordersync() {{
  local word path='' words='' i
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  COMPREPLY=()
  case $previous in
    {files})
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      compopt -o filenames 2>/dev/null
      return
      ;;
{choices}    {with_value}) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    case ${{path:+$path }}$word in
      {paths}) path=${{path:+$path }}$word ;;
    esac
  done
  case $path in
{cases}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}

complete -F _ordersync ordersync
)sh";

}  // namespace

std::string bash_completion(const verb& known) {
  const auto program = with_help(known);
  tables found;
  collect(program, program, found);
  return fmt::format(script, fmt::arg("files", pattern(found.files)), fmt::arg("with_value", pattern(found.with_value)),
                     fmt::arg("choices", found.choices), fmt::arg("paths", found.paths),
                     fmt::arg("cases", found.cases));
}

}  // namespace packaging
