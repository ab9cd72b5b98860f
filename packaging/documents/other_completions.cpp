// Completion for zsh and for fish.

#include "documents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace packaging {
namespace {

std::string last_word(const std::string& path) {
  return path.substr(path.rfind(' ') + 1);
}

// In single quotes, as both shells read them.
std::string quoted(std::string text) {
  for (auto at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 1)) text.replace(at, 1, "’");
  return "'" + text + "'";
}

template <class Do>
void for_each_verb(const verb& of, const Do& perform) {
  perform(of);
  for (const auto& below : of.below) for_each_verb(below, perform);
}

// Each with its description, of the verb and of the program.
template <class Do>
void for_each_option(const verb& of, const verb& program, const Do& perform) {
  for (const auto& o : of.options)
    if (!o.positional) perform(o);
  if (&of == &program) return;
  for (const auto& o : program.options) {
    const auto is_same = [&](const command_option& own) { return own.names == o.names; };
    if (!o.positional && std::ranges::none_of(of.options, is_same)) perform(o);
  }
}

std::string paths_of(const verb& program, std::string_view between) {
  std::string paths;
  for_each_verb(program, [&](const verb& v) {
    if (!v.path.empty()) paths += (paths.empty() ? "" : std::string{between}) + quoted(v.path);
  });
  return paths;
}

// --- zsh: _describe takes "word:what it is".

std::string described(std::string word, const std::string& description) {
  for (auto at = word.find(':'); at != std::string::npos; at = word.find(':', at + 2)) word.insert(at, "\\");
  return quoted(word + ":" + description);
}

// Words instead of a list of options' values, one `case` an option.
std::string zsh_choices(const verb& program) {
  std::string lines;
  for_each_verb(program, [&](const verb& v) {
    for_each_option(v, program, [&](const command_option& o) {
      const auto line = fmt::format("    ({}) found=({}) ;;\n", fmt::join(o.names, "|"), fmt::join(o.choices, " "));
      if (!o.choices.empty() && lines.find(line) == std::string::npos) lines += line;
    });
  });
  return lines;
}

std::string positional_words(const verb& v) {
  std::string words;
  for (const auto& o : v.options)
    if (o.positional && !o.choices.empty()) words += fmt::format(" {}", fmt::join(o.choices, " "));
  return words;
}

void add_value_options(const verb& program, std::string& files, std::string& others) {
  for_each_verb(program, [&](const verb& v) {
    for_each_option(v, program, [&](const command_option& o) {
      if (o.value.empty() || !o.choices.empty()) return;
      auto& into = o.value == "FILE" ? files : others;
      for (const auto& name : o.names)
        if (("|" + into + "|").find("|" + name + "|") == std::string::npos) into += (into.empty() ? "" : "|") + name;
    });
  });
}

constexpr std::string_view zsh_script = R"sh(#compdef ordersync
# Completion of ordersync for zsh, made from the program's own tables.

_ordersync() {{
  local at='' word i
  local -a found
  case ${{words[CURRENT - 1]}} in
    ({files}) _files; return ;;
    ({others}) return 1 ;;
{choices}  esac
  if (( $#found )); then
    _describe -t values value found
    return
  fi
  for ((i = 2; i < CURRENT; i++)); do
    word=${{words[i]}}
    case ${{at:+$at }}$word in
      ({paths}) at=${{at:+$at }}$word ;;
    esac
  done
  case $at in
{cases}  esac
  _describe -t commands ordersync found
}}

_ordersync "$@"
)sh";

// --- fish: one line a word.

constexpr std::string_view fish_script = R"sh(# Completion of ordersync for fish, made from the program's own tables.

function __ordersync_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        switch (string trim "$at $word")
            case {paths}
                set at (string trim "$at $word")
        end
    end
    test "$at" = "$argv"
end

complete -c ordersync -f
)sh";

std::string fish_option(const command_option& o) {
  std::string names;
  for (const auto& name : o.names) names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  std::string value = o.value.empty() ? "" : o.value == "FILE" ? " -r -F" : " -x";
  if (!o.choices.empty()) value += fmt::format(" -a '{}'", fmt::join(o.choices, " "));
  return fmt::format("{}{} -d {}", names, value, quoted(o.description));
}

}  // namespace

std::string zsh_completion(const verb& known) {
  const auto program = with_help(known);
  std::string files;
  std::string others;
  add_value_options(program, files, others);
  std::string cases;
  for_each_verb(program, [&](const verb& v) {
    auto found = positional_words(v);
    for (const auto& below : v.below) found += " " + described(last_word(below.path), below.description);
    for_each_option(v, program, [&](const command_option& o) {
      for (const auto& name : o.names) found += " " + described(name, o.description);
    });
    cases +=
        fmt::format("    ({}) found=({}) ;;\n", quoted(v.path), found.substr(std::min<std::size_t>(1, found.size())));
  });
  return fmt::format(zsh_script, fmt::arg("files", files), fmt::arg("others", others),
                     fmt::arg("choices", zsh_choices(program)), fmt::arg("paths", paths_of(program, "|")),
                     fmt::arg("cases", cases));
}

std::string fish_completion(const verb& known) {
  const auto program = with_help(known);
  auto script = fmt::format(fish_script, fmt::arg("paths", paths_of(program, " ")));
  for_each_verb(program, [&](const verb& v) {
    const auto here = fmt::format("complete -c ordersync -n {}", quoted("__ordersync_at " + v.path));
    for (const auto& below : v.below)
      script += fmt::format("{} -a {} -d {}\n", here, last_word(below.path), quoted(below.description));
    if (const auto words = positional_words(v); !words.empty()) script += here + " -a '" + words.substr(1) + "'\n";
    for_each_option(v, program, [&](const command_option& o) { script += here + fish_option(o) + "\n"; });
  });
  return script;
}

}  // namespace packaging
