#include "app/doctor/findings.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;

// The API takes no request that is 600 s off.
constexpr std::chrono::seconds clock_limit{540};
// Windows follow the server's clock, so this much is of no consequence yet; it is a sign that nobody sets the clock.
constexpr std::chrono::seconds clock_warning{5};
// A window is a transaction: slower ones keep a fast API waiting.
constexpr std::chrono::milliseconds slow_commit{100};
// A daemon's own clock and the server's drift apart by less while it runs.
constexpr std::chrono::seconds clock_drift{5};
// tstzmultirange came with it.
constexpr int oldest_server = 140'000;

check failed_check(const char* name, setup::exit_code failing, std::string found, std::string cure) {
  return {.name = name,
          .state = check_state::failed,
          .found = std::move(found),
          .cure = std::move(cure),
          .failing = failing};
}

check of_error(const char* name, const core::error& why, std::string cure) {
  return failed_check(name, setup::code_of(why.kind), why.what, std::move(cure));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

check assess_role(const store::reports::health_report& server) {
  const auto fail = [&](std::string found, std::string cure) {
    return failed_check("role", setup::exit_code::database, server.role + " " + std::move(found), std::move(cure));
  };
  if (!server.has_schema && !server.may_create)
    return fail("may not create a schema in " + server.database,
                fmt::format("an administrator: GRANT CREATE ON DATABASE {} TO {}, or make it the owner",
                            server.database, server.role));
  if (!server.may_use_temporary)
    return fail("may not create temporary tables, which ordersync needs to write orders",
                fmt::format("an administrator: GRANT TEMPORARY ON DATABASE {} TO {}", server.database, server.role));
  if (!server.foreign.empty())
    return fail(
        "does not own these objects, which migrations must alter: " + joined(server.foreign),
        fmt::format("an administrator: REASSIGN OWNED BY ... TO {}, or name the owner in database.url", server.role));
  check one{
      .name = "role", .found = server.role + " has the privileges it needs", .failing = setup::exit_code::database};
  if (server.superuser) {
    one.state = check_state::warning;
    one.found = server.role + " is a superuser; ordersync does not need that";
    one.cure = "use a separate role that owns this database and nothing else";
  } else if (!server.has_readers && !server.may_create_roles) {
    one.state = check_state::warning;
    one.found = "the reader roles ordersync_reader and ordersync_pii_reader are missing, and " + server.role +
                " may not create them";
    one.cure =
        "an administrator: createuser --no-login ordersync_reader; createuser --no-login ordersync_pii_reader; then "
        "run ordersync migrate, which grants them their privileges. Everything else works without them";
  }
  return one;
}

// What a healthy database does not have, a line each.
void add_remarks(const store::reports::health_report& server, core::instant now, std::vector<check>& checks) {
  if (!server.state.locked.empty())
    checks.push_back(
        failed_check("rights", setup::exit_code::database,
                     server.role + " lacks the privilege to read, insert, update or delete in some of its tables: " +
                         joined(server.state.locked),
                     fmt::format("an administrator: GRANT ALL ON ALL TABLES IN SCHEMA ordersync TO {}", server.role)));
  const auto warn = [&](const char* name, std::string found, std::string cure) {
    checks.push_back({.name = name,
                      .state = check_state::warning,
                      .found = std::move(found),
                      .cure = std::move(cure),
                      .failing = setup::exit_code::database});
  };
  if (server.state.collation)
    warn("collation",
         fmt::format(
             "the operating system's sort order has changed since {} was created ({}): indexes on text may miss rows",
             server.database, *server.state.collation),
         fmt::format("reindexdb {0}, then refresh its collation version: see \"Doctor\" in the manual",
                     server.database));
  if (!server.unanalyzed.empty())
    warn("statistics", "these tables have no planner statistics, so queries may be slow: " + joined(server.unanalyzed),
         "run ANALYZE on them and check that autovacuum is on");
  if (server.old_history)
    warn(
        "history",
        "order_history still holds the present state of orders a second time, as an older version wrote it; nothing is "
        "wrong with that but the space it takes",
        "run ordersync migrate, beside the daemon: it removes them");
  if (server.state.held)
    warn("old_snapshot",
         fmt::format("a transaction has been open for {}, so vacuum cannot remove rows deleted since: {}",
                     setup::spoken(std::chrono::floor<std::chrono::seconds>(now - server.state.held->since)),
                     server.state.held->who),
         "end it: pg_terminate_backend(PID), or ROLLBACK PREPARED");
}

check assess_encoding(const store::reports::health_report& server) {
  if (server.encoding == "UTF8") return {.name = "encoding", .found = "UTF8", .failing = setup::exit_code::database};
  return failed_check(
      "encoding", setup::exit_code::database,
      fmt::format("{} has encoding {}, which cannot store every character", server.database, server.encoding),
      "create the database again: createdb --encoding UTF8 --template template0");
}

std::string milliseconds_text(std::chrono::microseconds time) {
  return fmt::format("{:.1f} ms", static_cast<double>(time.count()) / 1000);
}

}  // namespace

std::vector<check> assess_server(const store::reports::health_report& server, core::instant now) {
  check one{.name = "database",
            .found = fmt::format("PostgreSQL {}, database {}", server.server_version, server.database),
            .failing = setup::exit_code::database};
  if (server.server_number < oldest_server) {
    one.state = check_state::failed;
    one.cure = "PostgreSQL 14 or newer is needed; 15 and 17 are tested";
  } else if (server.state.replay_lag) {
    one.state = check_state::failed;
    one.found += ", which is a read-only standby";
    one.cure = "name the primary in database.url, or all hosts with target_session_attrs=read-write";
  } else if (server.clock_behind > clock_drift) {
    one.state = check_state::warning;
    one.found += fmt::format(", whose clock is {} s behind the latest stored time",
                             std::chrono::ceil<std::chrono::seconds>(server.clock_behind).count());
    one.cure =
        "correct the clock of PostgreSQL's machine; until then ordersync dates what it reads from the latest stored "
        "time";
  }
  std::vector<check> checks{one, assess_role(server), assess_encoding(server)};
  add_remarks(server, now, checks);
  return checks;
}

check assess_schema(const core::result<std::vector<store::migrations::migration_state>>& steps) {
  if (steps.has_error())
    return of_error("schema", steps.error(), "fix the error; ordersync migrate --status lists the migrations");
  const auto pending = std::ranges::count_if(*steps, [](const auto& step) { return !step.applied_at; });
  if (pending == 0)
    return {.name = "schema",
            .found = fmt::format("all {} migrations are applied", steps->size()),
            .failing = setup::exit_code::database};
  return {.name = "schema",
          .state = check_state::warning,
          .found = fmt::format("{} of {} migrations are pending", pending, steps->size()),
          .cure = "run ordersync migrate; a daemon does this itself when it starts to lead",
          .failing = setup::exit_code::database};
}

check assess_room(const core::result<void>& written) {
  if (written.has_error())
    return of_error("room", written.error(),
                    "free disk space on PostgreSQL's machine, or grant the missing privilege; see \"The disk is full\" "
                    "in the manual");
  return {.name = "room", .found = "a test write of 1 MB succeeded", .failing = setup::exit_code::database};
}

check assess_missing_standby(const store::reports::health_report& server) {
  return failed_check("commit_time", setup::exit_code::database,
                      fmt::format("commits wait for a synchronous standby ({}), and none is connected: every command "
                                  "that writes hangs",
                                  server.state.missing_standby),
                      "reconnect a standby of synchronous_standby_names, or clear that setting and reload PostgreSQL");
}

check assess_commits(const core::result<std::vector<std::chrono::microseconds>>& times) {
  if (times.has_error()) return of_error("commit_time", times.error(), "check PostgreSQL's log");
  auto sorted = *times;
  std::ranges::sort(sorted);
  const auto median = sorted[sorted.size() / 2];
  check one{.name = "commit_time",
            .found = fmt::format("median {} of {} commits, longest {}", milliseconds_text(median), sorted.size(),
                                 milliseconds_text(sorted.back())),
            .failing = setup::exit_code::database};
  if (median <= slow_commit) return one;
  one.state = check_state::warning;
  one.cure = "check the disk with the server's write-ahead log, any synchronous standby, and the network";
  return one;
}

finding assess_listing(const core::result<store::reports::listing_report>& seen, std::chrono::milliseconds settle) {
  constexpr std::int64_t enough = 20;
  constexpr std::chrono::seconds longest{60};
  if (seen.has_error()) return {of_error("listing", seen.error(), "check PostgreSQL's log")};
  check one{.name = "listing", .failing = setup::exit_code::database};
  if (seen->orders < enough) {
    one.state = check_state::unknown;
    one.found = fmt::format(
        "the mirror has {} orders of the last day, too few to measure how late the API lists new orders", seen->orders);
    one.cure = "nothing; run doctor again after a day of orders";
    return {one};
  }
  one.found =
      fmt::format("of the latest {} orders, the API listed {} only after ordersync had read their time (settle {} ms)",
                  seen->orders, seen->late, settle.count());
  const auto better = std::min(seen->lag, longest);
  if (seen->late * 10 <= seen->orders || better <= settle) return {one};
  one.state = check_state::warning;
  one.cure =
      "nothing is lost: the second read within sync.live.overlap found them; a longer sync.live.settle finds them in "
      "the first";
  return {one, {{"sync.live.settle", fmt::format("{}s", better.count()), "the API lists new orders that late"}}};
}

check assess_clock(std::optional<std::chrono::seconds> ahead, std::optional<std::chrono::seconds> date_off) {
  check one{.name = "clock", .failing = setup::exit_code::api};
  if (date_off) {
    one.state = check_state::warning;
    one.found = fmt::format(
        "within 600 s of the API's, which accepts requests signed with it; but the API's Date header is {} s {}, so "
        "ordersync ignores it",
        std::chrono::abs(*date_off).count(), *date_off > 0s ? "ahead" : "behind");
    one.cure = "nothing on this machine; report the wrong Date header to the vendor";
    return one;
  }
  constexpr const char* set_it = "synchronize this machine's clock: timedatectl set-ntp true";
  if (!ahead) {
    one.state = check_state::unknown;
    one.found = "no reply had a Date header";
    one.cure = "nothing; a proxy may have removed the header";
    return one;
  }
  const auto off = std::chrono::abs(*ahead);
  one.found = off <= 1s ? "the same as the API's"
                        : fmt::format("{} s {} the API's", off.count(), *ahead > 0s ? "ahead of" : "behind");
  if (off >= clock_limit) {
    one.state = check_state::failed;
    one.found += "; it refuses requests that are 600 s off";
    one.cure = set_it;
  } else if (off > clock_warning) {
    one.state = check_state::warning;
    one.cure = set_it;
  }
  return one;
}

}  // namespace ordersync::app::doctor
