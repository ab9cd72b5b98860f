#include "verbs.hpp"

#include <CLI/CLI.hpp>

namespace packaging {
namespace {

// Words that the program takes, as its help says; tests/package asks the program for them.
std::vector<std::string> choices_of(const std::string& name) {
  if (name == "--color") return {"auto", "always", "never"};
  if (name == "--format") return {"csv", "xlsx-csv", "ndjson"};
  if (name == "--split") return {"month", "day"};
  if (name == "what") return {"orders", "items", "payments", "shipments"};
  return {};
}

void put_below(verb& help, const verb& of) {
  for (const auto& one : of.below) {
    verb copy{"help " + one.path, one.description, {}, {}, {}};
    put_below(copy, one);
    help.below.push_back(std::move(copy));
  }
}

command_option described(const CLI::Option& option) {
  command_option out;
  for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  out.positional = out.names.empty();
  if (out.positional) out.names.push_back(option.get_name(true));
  if (option.get_items_expected_max() > 0) out.value = option.get_type_name();
  out.fallback = option.get_default_str();
  out.description = option.get_description();
  out.choices = choices_of(out.names.back());
  out.required = option.get_required();
  return out;
}

// A verb without a footer of its own inherits that of the one above it.
std::string own_footer(const CLI::App& app) {
  const CLI::App* above = app.get_parent();
  return above != nullptr && above->get_footer() == app.get_footer() ? std::string() : app.get_footer();
}

verb described(const CLI::App& app, const std::string& path) {
  verb out{path, app.get_description(), own_footer(app), {}, {}};
  for (const CLI::Option* option : app.get_options({})) {
    if (!option->get_group().empty()) out.options.push_back(described(*option));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App* s) { return !s->get_group().empty(); })) {
    out.below.push_back(described(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name()));
  }
  return out;
}

}  // namespace

verb with_help(verb program) {
  const auto whole = program;
  for (auto& one : program.below)
    if (one.path == "help") put_below(one, whole);
  return program;
}

verb tree_of(const CLI::App& app) {
  return described(app, {});
}

}  // namespace packaging
