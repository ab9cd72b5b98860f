#include "cli/command_line.hpp"

#include "app/setup/core_dumps.hpp"
#include "app/setup/spoken.hpp"
#include "cli/shared/version.hpp"
#include "cli/text/output.hpp"
#include "cli/text/style.hpp"
#include "cli/verbs/verbs.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <exception>
#include <memory>
#include <sstream>
#include <string_view>
#include <vector>

namespace ordersync::cli {

namespace {

std::vector<std::string_view> names_below(const CLI::App& of) {
  std::vector<std::string_view> names;
  for (const auto* verb : of.get_subcommands([](const CLI::App*) { return true; })) names.push_back(verb->get_name());
  return names;
}

// The command that the words name, as far as they name one.
struct found_command {
  const CLI::App* of;
  std::string unknown;         // the word that is none
  std::string path;            // of `of`, with a blank behind, below the program
  std::string unknown_option;  // "--confg", before any unknown word
};

// Whether the word is one.
bool descend(found_command& found, const std::string& word) {
  const auto next = found.of->get_subcommands([&](const CLI::App* one) { return one->get_name() == word; });
  if (next.empty()) {
    found.unknown = word;
    return false;
  }
  found.of = next.front();
  found.path += word + " ";
  return true;
}

found_command find(const CLI::App& app, const std::vector<std::string>& words) {
  found_command found{&app, {}, {}, {}};
  for (const auto& word : words)
    if (!descend(found, word)) break;
  return found;
}

// Options of a command and of those above it.
std::vector<const CLI::Option*> options_at(const CLI::App* at) {
  std::vector<const CLI::Option*> all;
  for (; at != nullptr; at = at->get_parent())
    for (const auto* one : at->get_options()) all.push_back(one);
  return all;
}

// What stands on the command line, up to the first option or command that there is not.
found_command read_words(const CLI::App& app, const std::vector<std::string>& words) {
  found_command found{&app, {}, {}, {}};
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const auto& word = words[i];
    if (!word.starts_with("-") || word == "-") {
      if (!names_below(*found.of).empty() && !descend(found, word)) break;
      continue;
    }
    const auto name = word.substr(0, word.find('='));
    const auto all = options_at(found.of);
    const auto known = std::ranges::find_if(all, [&](const auto* one) { return one->check_name(name); });
    // "-5" is a value.
    const bool is_option = word.starts_with("--") || std::isdigit(static_cast<unsigned char>(word[1])) == 0;
    if (known == all.end() && is_option) {
      found.unknown_option = name;
      break;
    }
    if (known != all.end() && name == word && (*known)->get_items_expected_min() > 0) ++i;
  }
  return found;
}

app::setup::exit_code fail_unknown(const found_command& found) {
  const auto names = names_below(*found.of);
  const auto meant = names.empty() ? std::string{} : app::setup::meant_by(found.unknown, names);
  const auto what = fmt::format("there is no command '{}{}'", found.path, text::shortened(found.unknown));
  if (names.empty()) return shared::fail_usage(fmt::format("{}: {}has none below it", what, found.path));
  return shared::fail_usage(meant.empty() ? fmt::format("{}; choose one of: {}", what, fmt::join(names, ", "))
                                          : fmt::format("{}; did you mean {}{}?", what, found.path, meant));
}

// Of "-V" the one name that begins so; of "-from" as of "--from".
std::string meant_by_option(const std::string& written, const std::vector<std::string>& names) {
  const auto word = written.starts_with("--") ? written : "-" + written;
  if (written.size() > 2) return app::setup::meant_by(word, {names.begin(), names.end()});
  const auto begins = [&](const std::string& name) {
    return name[2] == static_cast<char>(std::tolower(static_cast<unsigned char>(written[1])));
  };
  if (std::ranges::count_if(names, begins) != 1) return {};
  return *std::ranges::find_if(names, begins);
}

app::setup::exit_code fail_unknown_option(const found_command& found) {
  std::vector<std::string> names;
  for (const auto* one : options_at(found.of))
    for (const auto& name : one->get_lnames())
      if (std::ranges::find(names, "--" + name) == names.end()) names.push_back("--" + name);
  const auto meant = meant_by_option(found.unknown_option, names);
  const auto what = fmt::format("there is no option '{}'", text::shortened(found.unknown_option));
  return shared::fail_usage(meant.empty() ? fmt::format("{}; ordersync help {}shows those there are", what, found.path)
                                          : fmt::format("{}; did you mean {}?", what, meant));
}

// Of what CLI11 says of an option or word that is required, what it is; else "".
std::string description_of_missing(const found_command& found, std::string_view what) {
  for (const auto* one : options_at(found.of))
    if (one->get_name() + " is required" == what) return one->get_description();
  return {};
}

// CLI11 knows the words before a command's name only where it has parsed them; and it would show the help of what it
// has parsed, which is that of `help`.
std::string help_of(const found_command& found) {
  const auto whole = "ordersync " + found.path;
  return found.of->get_formatter()->make_help(found.of, whole.substr(0, whole.size() - 1), CLI::AppFormatMode::Normal);
}

void add_help(CLI::App& app, shared::command_line& line) {
  auto* verb = app.add_subcommand("help", "show what a command does and its options");
  auto words = std::make_shared<std::vector<std::string>>();
  verb->add_option("command", *words, "such as: backfill create")->type_name("COMMAND");
  verb->callback([&app, &line, words] {
    line.chosen = [&app, words] {
      const auto found = find(app, *words);
      if (!found.unknown.empty()) return fail_unknown(found);
      text::print_lines(help_of(found));
      return app::setup::exit_code::done;
    };
  });
}

}  // namespace

void describe(CLI::App& app, shared::command_line& line) {
  app.description("ordersync keeps a complete, current and queryable copy of 1688 orders in PostgreSQL.");
  app.name("ordersync");
  app.add_option(
         "--config", line.config.names,
         "configuration file, - for standard input; of several the later ones take precedence, and over all the "
         "environment")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->default_str(app::setup::configuration_files::default_name);
  app.add_option_function<std::string>(
         "--color", [](const std::string& when) { text::use_colours(when); },
         "auto, always or never: colours on stdout; auto: on a terminal, unless NO_COLOR is set")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->default_str("auto");
  app.set_version_flag("--version", shared::version_text());
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Exit codes: 0 done; 1 health: unhealthy; 2 usage or configuration; 3 API unreachable or failing; 4 API refuses "
      "the credentials;\n"
      "5 database; 6 finished, but the mirror is incomplete; 70 a bug in ordersync; 74 cannot write to stdout.");
  const shared::command all(app);
  verbs::add_run(all, line);
  verbs::add_sync(all, line);
  verbs::add_backfill(all, line);
  verbs::add_status(all, line);
  verbs::add_coverage(all, line);
  verbs::add_verify(all, line);
  verbs::add_order(all, line);
  verbs::add_changes(all, line);
  verbs::add_export(all, line);
  verbs::add_quarantine(all, line);
  verbs::add_replay(all, line);
  verbs::add_retention(all, line);
  verbs::add_erase(all, line);
  verbs::add_migrate(all, line);
  verbs::add_check(all, line);
  verbs::add_doctor(all, line);
  verbs::add_health(all, line);
  verbs::add_alerts(all, line);
  verbs::add_config_reference(all, line);
  add_help(app, line);
}

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string one; std::getline(in, one);) lines.push_back(one);
  return lines;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app;
  shared::command_line line;
  describe(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() != 0) {
      const auto found = read_words(app, {argv + 1, argv + argc});
      if (!found.unknown_option.empty()) return static_cast<int>(fail_unknown_option(found));
      if (!found.unknown.empty()) return static_cast<int>(fail_unknown(found));
      if (const auto is = description_of_missing(found, e.what()); !is.empty())
        return static_cast<int>(shared::fail_usage(fmt::format("{}: {}", e.what(), is)));
    }
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(e, out, err);
    text::print_lines(out.str());
    for (const auto& one : lines_of(err.str())) text::say(one);
    return code == 0 ? 0 : static_cast<int>(app::setup::exit_code::usage);
  }
  return static_cast<int>(line.chosen());
}

int with_its_output(int code) {
  const auto problem = text::output_problem();
  if (!problem) return code;
  text::say("ordersync: " + *problem);
  return static_cast<int>(app::setup::exit_code::output);
}

}  // namespace

int run(int argc, char** argv) noexcept {
  app::setup::forbid_core_dumps();
  text::occupy_standard_streams();
  text::use_colours("auto");
  try {
    return with_its_output(parse_and_run(argc, argv));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ordersync: this is a bug in ordersync, please report it: %s\n", e.what());
  } catch (...) {
    std::fprintf(stderr, "ordersync: this is a bug in ordersync, please report it\n");
  }
  return static_cast<int>(app::setup::exit_code::defect);
}

}  // namespace ordersync::cli
