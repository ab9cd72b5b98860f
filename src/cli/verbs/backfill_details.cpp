#include "cli/verbs/backfill_details.hpp"

#include "app/commands/details.hpp"
#include "app/setup/spoken.hpp"
#include "cli/shared/verb.hpp"
#include "cli/text/output.hpp"
#include "cli/text/progress.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::cli::verbs {

namespace commands = app::commands;

namespace {

// How many and how long, or what is left of them by now.
std::string in_words(const commands::queued_details& one, bool awaited) {
  const auto& now = one.figures;
  if (!awaited)
    return fmt::format("{}: {} queued; {} are to be read, which takes about {} within details.share", one.account,
                       one.queued, now.waiting, app::setup::spoken(one.time));
  if (now.asked == 0) return fmt::format("{}: all are read", one.account);
  return fmt::format("{}: {} are left, of which {} failed the last time", one.account, now.asked,
                     std::min(now.asked, now.failing));
}

void show(const std::vector<commands::queued_details>& accounts, bool json, bool awaited) {
  boost::json::array list;
  for (const auto& one : accounts) {
    const auto& now = one.figures;
    if (json)
      list.push_back({{"account", one.account},
                      {"queued", one.queued},
                      {"asked", now.asked},
                      {"waiting", now.waiting},
                      {"later", now.later},
                      {"failing", now.failing},
                      {"seconds", one.time.count()}});
    else
      text::print(in_words(one, awaited));
  }
  if (json) text::print_json(list);
}

void say_refusals(const std::vector<commands::queued_details>& accounts) {
  for (const auto& one : accounts) {
    const auto& now = one.figures;
    if (!now.refused_at) continue;
    const auto* form = now.refunds_alone
                           ? "ordersync: {}: the API does not permit to read {}; these stay queued"
                           : "ordersync: {}: the API does not permit to read details: {}; they stay queued";
    text::say(fmt::format(fmt::runtime(form), one.account, now.refusal));
  }
}

app::setup::exit_code wait_for(commands::session& session, std::vector<commands::queued_details> queued, bool json) {
  text::progress_line progress;
  const auto awaited = commands::await_details(
      session, std::move(queued), [&](const std::string& account, const store::details::detail_figures& now) {
        const auto failing = now.failing > 0 ? fmt::format(", {} failed the last time", now.failing) : std::string{};
        progress.show(account, fmt::format("{}: {} details left{}", account, now.asked, failing));
      });
  progress.finish();
  if (awaited.has_error()) return shared::fail(awaited.error());
  show(awaited->accounts, json, true);
  say_refusals(awaited->accounts);
  if (awaited->refused) return app::setup::exit_code::refused;
  if (!awaited->interrupted) {
    std::int64_t left = 0;
    for (const auto& one : awaited->accounts) left += one.figures.asked;
    if (left == 0) return app::setup::exit_code::done;
    text::say(
        fmt::format("ordersync: {} could not be read, and are tried again later; ordersync status says why", left));
    return app::setup::exit_code::incomplete;
  }
  text::say("ordersync: stopped waiting; the daemons go on, see ordersync status");
  return app::setup::exit_code::incomplete;
}

}  // namespace

app::setup::exit_code backfill_details(commands::session& session, std::optional<std::string> account,
                                       const core::window& range, bool wait, bool json) {
  auto queued = commands::queue_details(session, std::move(account), range);
  if (queued.has_error()) return shared::fail(queued.error());
  if (wait) return wait_for(session, std::move(*queued), json);
  show(*queued, json, false);
  say_refusals(*queued);
  text::say("The daemons read them after those of orders that change; ordersync status shows how many are left.");
  return app::setup::exit_code::done;
}

}  // namespace ordersync::cli::verbs
