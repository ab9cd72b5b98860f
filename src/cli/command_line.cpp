#include "cli/command_line.hpp"

#include "app/setup/configuration.hpp"
#include "app/setup/core_dumps.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "cli/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <sstream>
#include <vector>

namespace ordersync::cli {

std::unique_ptr<commands::session> open_session(const command_line& line, app::setup::purpose of) {
  show_moments_in(app::setup::zone_of(line.config));
  auto opened = commands::session::open(line.config, of);
  if (opened.has_value()) return std::move(*opened);
  for (const auto& problem : opened.error()) say(problem);
  return nullptr;
}

app::setup::exit_code fail(const core::error& error) {
  say(fmt::format("ordersync: {}", error.what));
  return app::setup::code_of(error.kind);
}

app::setup::exit_code fail_usage(const std::string& what) {
  say(fmt::format("ordersync: {}", what));
  return app::setup::exit_code::usage;
}

void describe(CLI::App& app, command_line& line) {
  app.description("ordersync keeps a complete, current and queryable copy of 1688 orders in PostgreSQL.");
  app.name("ordersync");
  app.add_option("--config", line.config, "configuration file")->type_name("FILE")->capture_default_str();
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Exit codes: 0 done; 2 usage or configuration; 3 API unreachable or failing; 4 API refuses the credentials;\n"
      "5 database; 6 finished, but the mirror is incomplete; 70 a bug in ordersync; 74 cannot write to stdout.");
  const command all(app);
  add_run(all, line);
  add_sync(all, line);
  add_backfill(all, line);
  add_status(all, line);
  add_coverage(all, line);
  add_verify(all, line);
  add_quarantine(all, line);
  add_replay(all, line);
  add_retention(all, line);
  add_erase(all, line);
  add_migrate(all, line);
  add_check(all, line);
  add_doctor(all, line);
  add_config_reference(all, line);
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
  command_line line;
  describe(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(e, out, err);
    print_lines(out.str());
    for (const auto& one : lines_of(err.str())) say(one);
    return code == 0 ? 0 : static_cast<int>(app::setup::exit_code::usage);
  }
  return static_cast<int>(line.chosen());
}

int with_its_output(int code) {
  const auto problem = output_problem();
  if (!problem) return code;
  say("ordersync: " + *problem);
  return static_cast<int>(app::setup::exit_code::output);
}

}  // namespace

int run(int argc, char** argv) noexcept {
  app::setup::forbid_core_dumps();
  occupy_standard_streams();
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
