#include "cli/shared/jobs.hpp"

#include "app/commands/jobs.hpp"
#include "app/commands/status.hpp"
#include "app/setup/host_name.hpp"
#include "app/status/quarantine_report.hpp"
#include "app/status/status_json.hpp"
#include "cli/shared/range.hpp"
#include "cli/shared/sweep_report.hpp"
#include "cli/text/output.hpp"
#include "cli/text/progress.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

namespace ordersync::cli::shared {

namespace {

boost::json::object to_json(const store::jobs::backfill_job& job) {
  auto object = app::status::json_of(job);
  object["requested_by"] = job.requested_by;
  object["stopped_by"] = job.stopped_by;
  return object;
}

std::string local(const commands::session& session, const std::optional<core::instant>& t) {
  return t ? session.local_text(std::chrono::floor<std::chrono::seconds>(*t)) : "-";
}

void print_job(const commands::session& session, const store::jobs::backfill_job& job) {
  text::print(fmt::format("{:>5}  {:<10}  {}  {} to {}, {} orders{}", job.id, store::jobs::name(job.state), job.account,
                          session.local_text(job.range.begin), session.local_text(job.range.end), job.orders,
                          job.gaps > 0 ? fmt::format(", {} windows not proven", job.gaps) : std::string{}));
  if (!job.reason.empty()) text::print("       " + job.reason);
}

void print_whole(const commands::session& session, const store::jobs::backfill_job& job) {
  text::print(fmt::format("backfill {}: {}{}", job.id, store::jobs::name(job.state),
                          job.reason.empty() ? std::string{} : ", " + job.reason));
  text::print(fmt::format("  account    {}", job.account));
  text::print(
      fmt::format("  range      {} to {}", session.local_text(job.range.begin), session.local_text(job.range.end)));
  text::print(fmt::format("  requested  {} by {}", local(session, job.requested_at), job.requested_by));
  text::print(fmt::format("  ran        {} to {}", local(session, job.started_at), local(session, job.finished_at)));
  if (!job.stopped_by.empty()) text::print(fmt::format("  stopped    by {}", job.stopped_by));
  text::print(fmt::format("  orders     {} read: {} new, {} changed, {} unchanged", job.orders, job.created,
                          job.changed, job.unchanged));
  text::print(
      fmt::format("  windows    {} proven, {} not proven, in {} calls", job.windows_proven, job.gaps, job.calls));
  for (const auto& window : job.left)
    text::print(fmt::format("  remaining  {} to {}", session.local_text(window.begin), session.local_text(window.end)));
}

app::setup::exit_code code_of(store::jobs::job_state state) {
  switch (state) {
    case store::jobs::job_state::failed:
      return app::setup::exit_code::usage;
    case store::jobs::job_state::incomplete:
    case store::jobs::job_state::cancelled:
      return app::setup::exit_code::incomplete;
    default:
      return app::setup::exit_code::done;
  }
}

// Of one that has ended, as `--foreground` reports the same work.
app::setup::exit_code outcome_of(commands::session& session, const store::jobs::backfill_job& job) {
  const auto code = code_of(job.state);
  if (code != app::setup::exit_code::done || job.state != store::jobs::job_state::done) return code;
  const auto status = commands::read_status(session);
  if (status.has_error()) return fail(status.error());
  store::maintenance::quarantine_counts quarantine;
  for (const auto& account : status->accounts)
    if (account.stored.account == job.account) quarantine = account.stored.quarantine;
  if (quarantine.open > 0)
    text::say(fmt::format("{}: {} set aside: see ordersync quarantine list", job.account,
                          app::status::open_text(quarantine)));
  const bool left = !left_of(session, job.account, job.range).empty();
  return quarantine.open > 0 || left ? app::setup::exit_code::incomplete : code;
}

struct list_arguments {
  bool open = false;
  std::string account;
  bool json = false;
};

app::setup::exit_code list(const command_line& line, const list_arguments& arguments) {
  const auto session = open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto account = read_account(*session, arguments.account);
  if (account.has_error()) return fail(account.error());
  auto jobs = commands::list_jobs(*session, arguments.open);
  if (jobs.has_value() && *account) std::erase_if(*jobs, [&](const auto& job) { return job.account != **account; });
  return jobs.has_error() ? fail(jobs.error()) : show_jobs(*session, *jobs, arguments.json);
}

struct one_job {
  std::int64_t id = 0;
  bool json = false;
};

app::setup::exit_code report(const commands::session& session, const core::result<store::jobs::backfill_job>& job,
                             bool json) {
  if (job.has_error()) return fail(job.error());
  if (json)
    text::print_json(to_json(*job));
  else
    print_whole(session, *job);
  return app::setup::exit_code::done;
}

app::setup::exit_code show(const command_line& line, const one_job& which) {
  const auto session = open_look(line);
  return session ? report(*session, commands::find_job(*session, which.id), which.json) : app::setup::exit_code::usage;
}

app::setup::exit_code change(const command_line& line, const one_job& which, store::jobs::job_action action) {
  const auto session = open_change(line);
  return session ? report(*session, commands::change_job(*session, which.id, action, who_asks()), which.json)
                 : app::setup::exit_code::usage;
}

std::shared_ptr<one_job> add_one(command verb) {
  auto which = std::make_shared<one_job>();
  verb.add_id("id", which->id, "its number").required();
  verb.add_flag("--json", which->json, "print JSON");
  return which;
}

void add_action(command backfill, command_line& line, const char* name, const char* help,
                store::jobs::job_action action) {
  auto verb = backfill.add_subcommand(name, help);
  const auto which = add_one(verb);
  verb.callback(
      [&line, which, action] { line.chosen = [&line, which, action] { return change(line, *which, action); }; });
}

}  // namespace

app::setup::exit_code show_jobs(const commands::session& session, const std::vector<store::jobs::backfill_job>& jobs,
                                bool json) {
  boost::json::array list;
  for (const auto& job : jobs) {
    if (json)
      list.push_back(to_json(job));
    else
      print_job(session, job);
  }
  if (json)
    text::print_json(list);
  else if (jobs.empty())
    text::print("no backfills");
  return app::setup::exit_code::done;
}

app::setup::exit_code wait_for(commands::session& session, const std::vector<store::jobs::backfill_job>& jobs,
                               bool json) {
  text::progress_line progress;
  // A daemon begins within a second, so much longer means that there is none.
  constexpr std::chrono::seconds long_enough{5};
  const auto asked = std::chrono::steady_clock::now();
  bool hinted = false;
  const auto ended = commands::await_jobs(session, jobs, [&](const store::jobs::backfill_job& job) {
    const bool waits = job.state == store::jobs::job_state::queued && job.calls == 0;
    if (waits && !hinted && std::chrono::steady_clock::now() - asked > long_enough) {
      text::say(
          fmt::format("backfill {} still waits for a daemon: check with ordersync status that one is leading", job.id));
      hinted = true;
    }
    progress.show(job);
  });
  progress.finish();
  if (ended.has_error()) return fail(ended.error());
  show_jobs(session, ended->jobs, json);
  auto code = app::setup::exit_code::done;
  for (const auto& job : ended->jobs) code = app::setup::worse(code, outcome_of(session, job));
  if (!ended->interrupted) return code;
  text::say("ordersync: stopped waiting; the daemon continues the backfill, see ordersync backfill list");
  return app::setup::worse(code, app::setup::exit_code::incomplete);
}

std::string who_asks() {
  const char* name = std::getenv("SUDO_USER");  // NOLINT(concurrency-mt-unsafe): no thread changes the environment
  const auto* entry = name == nullptr ? ::getpwuid(::geteuid()) : nullptr;  // NOLINT(concurrency-mt-unsafe): as above
  if (entry != nullptr) name = entry->pw_name;
  return fmt::format("{}@{}", name == nullptr ? std::to_string(::geteuid()) : name, app::setup::host_name());
}

void add_job_verbs(command backfill, command_line& line) {
  auto all = backfill.add_subcommand("list", "list backfills, newest first");
  auto arguments = std::make_shared<list_arguments>();
  all.add_flag("--open", arguments->open, "only those that have not ended");
  all.add_option("--account", arguments->account, "of this account only").type_name("NAME");
  all.add_flag("--json", arguments->json, "print JSON");
  all.callback([&line, arguments] { line.chosen = [&line, arguments] { return list(line, *arguments); }; });

  auto one = backfill.add_subcommand("show", "show one backfill and what remains of it");
  const auto which = add_one(one);
  one.callback([&line, which] { line.chosen = [&line, which] { return show(line, *which); }; });

  using store::jobs::job_action;
  add_action(backfill, line, "pause", "pause a backfill until it is resumed", job_action::pause);
  add_action(backfill, line, "resume", "continue a paused or failed backfill where it stopped", job_action::resume);
  add_action(backfill, line, "cancel", "end a backfill permanently; what it has read is kept", job_action::cancel);
}

}  // namespace ordersync::cli::shared
