// `check`: is the configuration in order? Reads it and the secret files it names; reaches for nothing else.

#include "app/setup/configuration.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <memory>

namespace ordersync::cli::verbs {
namespace {

namespace setup = app::setup;

struct arguments {
  bool show = false;
  bool json = false;
  bool without_secrets = false;
};

void show(const setup::configuration_files& files, bool json) {
  boost::json::array all;
  for (const auto& one : setup::effective_settings(files)) {
    if (json)
      all.push_back({{"key", one.key}, {"value", one.value}, {"from", one.from}});
    else
      text::print(fmt::format("{}: {}  # {}", one.key, one.value, one.from));
  }
  if (json) text::print_json(boost::json::object{{"settings", std::move(all)}});
}

setup::exit_code perform(const shared::command_line& line, const arguments& given) {
  const auto problems = setup::configuration_problems(line.config, !given.without_secrets);
  for (const auto& problem : problems) text::say(problem);
  if (!problems.empty()) return setup::exit_code::usage;
  for (const auto& remark : setup::configuration_remarks(line.config)) text::say("warning: " + remark);
  if (given.show || given.json)
    show(line.config, given.json);
  else
    text::print({fmt::format("{}: valid", line.config.text()), text::style::good});
  return setup::exit_code::done;
}

}  // namespace

void add_check(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("check", "check the configuration and the secret files it names; connects to nothing");
  auto given = std::make_shared<arguments>();
  verb.add_flag("--show", given->show, "print every setting in force, and where it comes from");
  verb.add_flag("--json", given->json, "the same as JSON");
  verb.add_flag("--without-secrets", given->without_secrets, "leave the secret files out");
  verb.callback([&line, given] { line.chosen = [&line, given] { return perform(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
