// `erase`: erases personal data on request, for good.

#include "app/commands/erase.hpp"

#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli::verbs {

namespace {

struct arguments {
  std::int64_t order = 0;
  std::string mobile;
  bool dry_run = false;
  bool yes = false;
  bool json = false;
};

using store::maintenance::erasure;

void print_erasure(const arguments& given, const erasure& took, const std::string& later) {
  if (given.json) return text::print_json(text::erasure_json(took));
  text::print((given.dry_run ? "would erase from " : "erased from ") + text::erasure_text(took));
  if (!given.dry_run && !later.empty()) text::print(later);
}

app::setup::exit_code erase_order(commands::session& session, const arguments& given) {
  const auto done =
      given.dry_run ? commands::estimate_order(session, given.order) : commands::erase_order(session, given.order);
  if (done.has_error()) return shared::fail(done.error());
  if (given.json) {
    auto object = text::erasure_json(done->took);
    object["mirrored"] = done->mirrored;
    text::print_json(object);
  } else if (done->mirrored) {
    print_erasure(given, done->took, {});
  } else {
    text::print(fmt::format("order {} is not in the mirror; {}", given.order,
                            given.dry_run ? "if erased, its personal data will not be stored when it arrives later"
                                          : "if it arrives later, its personal data will not be stored"));
  }
  return app::setup::exit_code::done;
}

app::setup::exit_code erase_mobile(commands::session& session, const arguments& given) {
  const auto took =
      given.dry_run ? commands::estimate_mobile(session, given.mobile) : commands::erase_mobile(session, given.mobile);
  if (took.has_error()) return shared::fail(took.error());
  print_erasure(given, *took, "if orders with that number arrive later, their personal data will not be stored");
  return app::setup::exit_code::done;
}

// Scripts, which nobody could answer for, are not asked.
bool may_erase(const arguments& given) {
  if (given.dry_run || given.yes || !text::is_interactive()) return true;
  const auto what = given.order != 0 ? fmt::format("order {}", given.order) : "all orders with this mobile number";
  return text::confirm(fmt::format("Erase the personal data of {} for good?", what));
}

app::setup::exit_code erase(const shared::command_line& line, const arguments& given) {
  if ((given.order != 0) == !given.mobile.empty())
    return shared::fail_usage("erase needs exactly one of --order and --mobile");
  const auto session = shared::open_change(line);
  if (!session) return app::setup::exit_code::usage;
  if (!may_erase(given)) return shared::fail_usage("nothing was erased; confirm the question on stderr, or give --yes");
  return given.order != 0 ? erase_order(*session, given) : erase_mobile(*session, given);
}

}  // namespace

void add_erase(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("erase", "permanently erase the personal data of an order or of a mobile number");
  auto given = std::make_shared<arguments>();
  verb.add_id("--order", given->order, "the order with this id");
  verb.add_option("--mobile", given->mobile, "every order with this number, however it is written").type_name("NUMBER");
  verb.add_flag("--dry-run", given->dry_run, "erase nothing; print what would be erased");
  verb.add_flag("--yes", given->yes, "do not ask first; only a terminal is asked");
  verb.add_flag("--json", given->json, "print JSON");
  verb.footer(
      "The orders stay, without receiver, warehouse address, payload and quarantined texts. When such an order is\n"
      "read again, its personal data is not stored again. The data is erased from the live tables, not from backups.");
  verb.callback([&line, given] { line.chosen = [&line, given] { return erase(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
