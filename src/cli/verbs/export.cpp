// `export`: orders, lines, payments or parcels as files for spreadsheets and programs.

#include "app/commands/export.hpp"

#include "app/setup/clock_and_random.hpp"
#include "cli/shared/range.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>

namespace ordersync::cli::verbs {

namespace {

namespace exports = app::exports;
using app::setup::exit_code;
using store::feed::subject;

struct arguments {
  std::string subject;
  std::string from;
  std::string to;
  std::string account;
  std::string format;
  std::string output;
  std::string split;
  bool personal = false;
  bool force = false;
};

template <class T>
core::result<T> choose(const char* what, const std::string& given, const std::map<std::string, T>& among,
                       const char* all) {
  if (const auto at = among.find(given); at != among.end()) return at->second;
  return core::make_error(core::failure::input,
                          fmt::format("{}: '{}' is none of: {}", what, text::shortened(given), all));
}

// All that can be said without the configuration.
core::result<commands::export_request> read_request(const arguments& given) {
  const auto input = [](std::string what) { return core::make_error(core::failure::input, std::move(what)); };
  const auto of = choose<subject>("what to export", given.subject,
                                  {{"orders", subject::orders},
                                   {"items", subject::items},
                                   {"payments", subject::payments},
                                   {"shipments", subject::shipments}},
                                  "orders, items, payments, shipments");
  if (of.has_error()) return of.error();
  const auto format = choose<exports::table_format>("--format", given.format,
                                                    {{"csv", exports::table_format::csv},
                                                     {"xlsx-csv", exports::table_format::excel},
                                                     {"excel", exports::table_format::excel},
                                                     {"ndjson", exports::table_format::ndjson}},
                                                    "csv, xlsx-csv, ndjson");
  if (format.has_error()) return format.error();
  const auto by = choose<exports::split>(
      "--split", given.split,
      {{"", exports::split::month}, {"month", exports::split::month}, {"day", exports::split::day}}, "month, day");
  if (by.has_error()) return by.error();
  if (given.personal && *of != subject::orders)
    return input("--personal is for orders: the others have no personal data");
  if ((!given.split.empty() || given.force) && !exports::names_several(given.output))
    return input("--split and --force are for several files: give --output a directory, or a name with {} in it");
  commands::export_request request;
  request.what.of = *of;
  request.what.personal = given.personal;
  request.format = *format;
  request.output = given.output;
  request.by = *by;
  request.force = given.force;
  return request;
}

core::result<void> complete(commands::export_request& request, const commands::session& session,
                            const arguments& given) {
  const auto range = shared::read_range(session, given.from, given.to);
  if (range.has_error()) return range.error();
  const auto account = shared::read_account(session, given.account);
  if (account.has_error()) return account.error();
  const auto now = std::chrono::floor<std::chrono::seconds>(app::setup::wall_clock()());
  request.what.created = {range->from.value_or(session.configuration().settings.sync.start), range->to.value_or(now)};
  if (request.what.created.empty())
    return core::make_error(core::failure::input,
                            given.to.empty()
                                ? "invalid range: sync.start, where it begins without --from, lies in the future"
                                : "invalid range: --to is not after sync.start, where it begins without --from");
  request.what.account = *account;
  return {};
}

void say_result(const commands::export_request& request, const commands::export_result& done) {
  auto said = fmt::format("{} rows", done.rows);
  if (!request.output.empty()) said += fmt::format(" in {} {}", done.files, done.files == 1 ? "file" : "files");
  if (done.skipped > 0) said += fmt::format("; {} files were there already", done.skipped);
  if (done.unfinished > 0)
    said += fmt::format("; the {} that is not over is incomplete and will be written again",
                        request.by == exports::split::month ? "month" : "day");
  text::say(said);
}

exit_code outcome_of(const commands::session& session, const commands::export_result& done, bool to_stdout) {
  if (done.interrupted) {
    text::say(
        to_stdout
            ? "ordersync: interrupted; what was printed is not all of it"
            : "ordersync: interrupted; the file in hand was not written. Run it again: files that are there stay");
    return exit_code::incomplete;
  }
  if (done.without_details > 0)
    text::say(fmt::format(
        "ordersync: payments or parcels may be missing: the details of {} orders were not read; see ordersync status, "
        "and ordersync backfill create --details",
        done.without_details));
  if (done.unproven.empty()) return done.without_details > 0 ? exit_code::incomplete : exit_code::done;
  const auto& first = done.unproven.front();
  text::say(fmt::format(
      "ordersync: orders may be missing: {} ranges are not proven complete, the first from {} to {}; see ordersync "
      "coverage",
      done.unproven.size(), session.local_text(first.begin), session.local_text(first.end)));
  return exit_code::incomplete;
}

exit_code fail_writing(const core::error& error) {
  if (text::output_problem()) return exit_code::output;  // which is reported at the end
  shared::fail(error);
  // The command line was understood by now.
  return error.kind == core::failure::input ? exit_code::output : app::setup::code_of(error.kind);
}

exit_code perform(const shared::command_line& line, const arguments& given) {
  auto request = read_request(given);
  if (request.has_error()) return shared::fail(request.error());
  const auto session = shared::open_look(line);
  if (!session) return exit_code::usage;
  if (const auto ready = complete(*request, *session, given); ready.has_error()) return shared::fail(ready.error());
  request->print = text::print_bytes;
  const auto done = commands::export_rows(*session, *request);
  if (done.has_error()) return fail_writing(done.error());
  say_result(*request, *done);
  return outcome_of(*session, *done, request->output.empty());
}

}  // namespace

void add_export(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand(
      "export", "write orders, their lines, payments or parcels as CSV or JSON; exit code 6 if some may be missing");
  auto given = std::make_shared<arguments>();
  verb.add_option("what", given->subject, "orders, items, payments or shipments").required().type_name("WHAT");
  verb.add_option("--from", given->from, "start of the range of the orders' creation times; default: sync.start")
      .type_name("TIME");
  verb.add_option("--to", given->to, "end of the range, not included; default: now").type_name("TIME");
  verb.add_option("--account", given->account, "this account only").type_name("NAME");
  verb.add_option("--format", given->format, "csv; xlsx-csv: CSV for Excel; ndjson: a JSON object a line")
      .required()
      .type_name("FORMAT");
  verb.add_option("--output", given->output,
                  "the file; a directory, or a name with {} in it: a file a month; default: stdout")
      .type_name("FILE");
  verb.add_option("--split", given->split, "month or day: what goes into one of several files; default: month")
      .type_name("SPLIT");
  verb.add_flag("--force", given->force, "of several files, write those again that are there and complete");
  verb.add_flag("--personal", given->personal,
                "of orders: receiver, warehouse address and contacts, too (personal data)");
  verb.footer(
      "A file has its name when it is complete on the disk; until then it ends in .part. Several files are whole "
      "months "
      "or\n"
      "days of the API's zone. An export that was interrupted continues where it stopped: files that are there are\n"
      "skipped. One whose month or day is not over, or not proven complete, or of payments or shipments lacks details "
      "of\n"
      "orders, is called NAME.incomplete.csv, and the next export writes it again. Each file shows one moment.\n"
      "xlsx-csv is for Excel alone: times without offset; a text that begins with a digit as =\"...\", so that Excel "
      "keeps\n"
      "it as it is; and an apostrophe before one that could become a formula (= + - @).");
  verb.callback([&line, given] { line.chosen = [&line, given] { return perform(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
