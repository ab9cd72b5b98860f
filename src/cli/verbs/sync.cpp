// `sync`: every window that is due, once.

#include "cli/shared/range.hpp"
#include "cli/shared/sweep_report.hpp"
#include "cli/verbs/verbs.hpp"

#include <memory>
#include <string>

namespace ordersync::cli::verbs {

namespace {

struct arguments {
  std::string account;
  bool json = false;
};

app::setup::exit_code sync(const shared::command_line& line, const arguments& given) {
  const auto session = shared::open_session(line);
  if (!session) return app::setup::exit_code::usage;
  const auto account = shared::read_account(*session, given.account);
  if (account.has_error()) return shared::fail(account.error());
  return shared::sweep_and_report(
      *session, {.kind = ordersync::sync::sweep_kind::live, .details = true, .account = *account}, given.json);
}

}  // namespace

void add_sync(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand(
      "sync",
      "read every window from sync.start to now that is not proven yet, once, for all accounts; then the details "
      "that are due");
  auto given = std::make_shared<arguments>();
  verb.add_option("--account", given->account, "this account only").type_name("NAME");
  verb.add_flag("--json", given->json, "print the result as JSON");
  verb.callback([&line, given] { line.chosen = [&line, given] { return sync(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
