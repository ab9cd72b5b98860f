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
  bool json = false;
};

app::setup::exit_code erase_order(commands::session& session, const arguments& given) {
  const auto done = commands::erase_order(session, given.order);
  if (done.has_error()) return shared::fail(done.error());
  if (given.json) {
    auto object = text::erasure_json(done->took);
    object["mirrored"] = done->mirrored;
    text::print_json(object);
    return app::setup::exit_code::done;
  }
  if (done->mirrored)
    text::print("erased from " + text::erasure_text(done->took));
  else
    text::print(fmt::format("order {} is not in the mirror; if it arrives later, its personal data will not be stored",
                            given.order));
  return app::setup::exit_code::done;
}

app::setup::exit_code erase(const shared::command_line& line, const arguments& given) {
  if ((given.order != 0) == !given.mobile.empty())
    return shared::fail_usage("erase needs exactly one of --order and --mobile");
  const auto session = shared::open_session(line);
  if (!session) return app::setup::exit_code::usage;
  if (given.order != 0) return erase_order(*session, given);
  const auto took = commands::erase_mobile(*session, given.mobile);
  if (took.has_error()) return shared::fail(took.error());
  if (given.json) {
    text::print_json(text::erasure_json(*took));
  } else {
    text::print("erased from " + text::erasure_text(*took));
    text::print("if orders with that number arrive later, their personal data will not be stored");
  }
  return app::setup::exit_code::done;
}

}  // namespace

void add_erase(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("erase", "permanently erase the personal data of an order or of a mobile number");
  auto given = std::make_shared<arguments>();
  verb.add_id("--order", given->order, "the order with this id");
  verb.add_option("--mobile", given->mobile, "every order with this number, however it is written").type_name("NUMBER");
  verb.add_flag("--json", given->json, "print JSON");
  verb.footer(
      "The orders stay, without receiver, warehouse address, payload and quarantined texts. When such an order is\n"
      "read again, its personal data is not stored again. The data is erased from the live tables, not from backups.");
  verb.callback([&line, given] { line.chosen = [&line, given] { return erase(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
