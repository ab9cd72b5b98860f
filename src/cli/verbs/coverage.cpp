// `coverage`: for which creation times the mirror is proven complete, and for which not, and why.

#include "app/commands/coverage.hpp"

#include "app/setup/spoken.hpp"
#include "app/status/status_json.hpp"
#include "cli/shared/range.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <string>

namespace ordersync::cli::verbs {

namespace {

struct arguments {
  std::string from;
  std::string to;
  std::string account;
  bool json = false;
};

boost::json::array to_json(const app::status::coverage_view& view) {
  boost::json::array accounts;
  for (const auto& report : view.accounts) accounts.push_back(app::status::json_of(report));
  return accounts;
}

void print_report(const commands::session& session, const store::reports::coverage_report& report) {
  text::print(fmt::format("account {}, {} to {}", report.account, session.local_text(report.range.begin),
                          session.local_text(report.range.end)));
  for (const auto& window : report.proven)
    text::print(fmt::format("  proven  {}  {}  {}", session.local_text(window.begin), session.local_text(window.end),
                            app::setup::spoken(window.length())));
  for (const auto& gap : report.gaps)
    text::print(fmt::format("  gap     {}  {}  {}: {}", session.local_text(gap.window.begin),
                            session.local_text(gap.window.end), app::setup::spoken(gap.window.length()),
                            gap.reason.empty() ? "never read" : gap.reason));
}

app::setup::exit_code coverage(const shared::command_line& line, const arguments& given) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto range = shared::read_range(*session, given.from, given.to);
  if (range.has_error()) return shared::fail(range.error());
  const auto account = shared::read_account(*session, given.account);
  if (account.has_error()) return shared::fail(account.error());
  const auto view = commands::read_coverage(*session, range->from, range->to, *account);
  if (view.has_error()) return shared::fail(view.error());
  if (given.json) {
    text::print_json(to_json(*view));
  } else {
    for (const auto& report : view->accounts) print_report(*session, report);
  }
  return view->incomplete ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

}  // namespace

void add_coverage(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand(
      "coverage",
      "show for which creation times the mirror is proven complete, and why the rest is not; exit code 6 on gaps");
  auto given = std::make_shared<arguments>();
  verb.add_option("--from", given->from, "start of the range; default: sync.start").type_name("TIME");
  verb.add_option("--to", given->to, "end of the range, not included; default: what should be proven by now")
      .type_name("TIME");
  verb.add_option("--account", given->account, "this account only").type_name("NAME");
  verb.add_flag("--json", given->json, "print JSON");
  verb.callback([&line, given] { line.chosen = [&line, given] { return coverage(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
