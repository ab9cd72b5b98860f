#include "store/jobs/job_table.hpp"

#include "store/pg/precondition_failed.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace ordersync::store::jobs {
namespace {

// People may write fractions of seconds; the API's filter has none.
constexpr const char* whole_range =
    "tstzmultirange(tstzrange(date_trunc('second', begins), "
    "date_trunc('second', ends + interval '999999 microseconds')))";

// "1715040000 1715040060 1715050000 1715050060": begin and end of each part.
std::string parts_as_text(const std::string& multirange) {
  return fmt::format(
      "(SELECT string_agg(concat(extract(epoch FROM lower(part))::bigint, ' ', "
      "extract(epoch FROM upper(part))::bigint), ' ' ORDER BY part) FROM unnest({}) AS part)",
      multirange);
}

std::vector<core::window> parts_of_text(std::string_view text) {
  std::vector<core::second> bounds;
  for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
    std::int64_t seconds = 0;
    const auto [next, problem] = std::from_chars(at, end, seconds);
    if (problem != std::errc{}) throw std::logic_error("a list of ranges is not made of integers");
    bounds.emplace_back(std::chrono::seconds{seconds});
    at = next == end ? end : next + 1;
  }
  std::vector<core::window> parts;
  for (std::size_t i = 0; i + 1 < bounds.size(); i += 2) parts.push_back({bounds[i], bounds[i + 1]});
  return parts;
}

std::string select_jobs() {
  return fmt::format(
      "SELECT id, account, {}, state, requested_by, {}, {}, {}, {}, reason, stopped_by, {}, "
      "windows_proven, gaps, orders, created, changed, unchanged, calls, expected_orders "
      "FROM ordersync.backfill_jobs ",
      values::range_bounds(whole_range), values::epoch_ms("requested_at"), values::epoch_ms("started_at"),
      values::epoch_ms("finished_at"), values::epoch_ms("updated_at"),
      parts_as_text(fmt::format("{} - done", whole_range)));
}

backfill_job job_of(const pg::rows& r, int row) {
  backfill_job job;
  job.id = r.integer(row, 0);
  job.account = r.text(row, 1);
  job.range = values::read_window(r, row, 2);
  const auto state = job_state_from(r.text(row, 4));
  if (!state) throw std::logic_error("a job's state is none that is known");
  job.state = *state;
  job.requested_by = r.text(row, 5);
  job.requested_at = values::read_instant(r, row, 6);
  job.started_at = values::read_optional_instant(r, row, 7);
  job.finished_at = values::read_optional_instant(r, row, 8);
  job.updated_at = values::read_instant(r, row, 9);
  job.reason = r.text(row, 10);
  job.stopped_by = r.text(row, 11);
  job.left = parts_of_text(r.text(row, 12));
  const std::array counters{&job.windows_proven, &job.gaps,      &job.orders, &job.created,
                            &job.changed,        &job.unchanged, &job.calls};
  int column = 13;
  for (auto* counter : counters) *counter = r.integer(row, column++);
  if (!r.is_null(row, column)) job.expected_orders = r.integer(row, column);
  return job;
}

std::vector<backfill_job> read_jobs(pg::connection& db, const std::string& which,
                                    const std::vector<pg::param>& params = {}) {
  const auto r = db.exec("read jobs", select_jobs() + which, params);
  std::vector<backfill_job> jobs;
  for (int row = 0; row < r.size(); ++row) jobs.push_back(job_of(r, row));
  return jobs;
}

constexpr const char* open_states = "state IN ('queued', 'running', 'paused') ";

void notify(pg::connection& db, std::int64_t id) {
  db.exec("tell of a job", "SELECT pg_notify($1, $2)", {job_channel, std::to_string(id)});
}

struct transition {
  job_state result;
  const char* participle;
  const char* change;  // of the row; $2 is who requests it
};

transition transition_of(job_action action) {
  switch (action) {
    case job_action::pause:
      return {job_state::paused, "paused",
              "state = 'paused', reason = 'paused by ' || $2::text, stopped_by = $2::text"};
    case job_action::cancel:
      return {job_state::cancelled, "cancelled",
              "state = 'cancelled', reason = 'cancelled by ' || $2::text, stopped_by = $2::text, finished_at = now()"};
    case job_action::resume:
      break;
  }
  return {job_state::queued, "resumed", "state = 'queued', reason = '', stopped_by = '', finished_at = NULL"};
}

bool is_allowed(job_state from, job_action action) {
  if (action == job_action::resume) return from == job_state::paused || from == job_state::failed;
  return is_open(from);
}

bool is_so_already(job_state state, job_action action) {
  if (action == job_action::resume) return state == job_state::queued || state == job_state::running;
  return state == transition_of(action).result;
}

}  // namespace

std::vector<backfill_job> read_open_jobs(pg::connection& db) {
  return read_jobs(db, fmt::format("WHERE {} ORDER BY id", open_states));
}

std::vector<backfill_job> read_latest_jobs(pg::connection& db, bool open_only) {
  return read_jobs(
      db, fmt::format("{} {} ORDER BY id DESC LIMIT 200", open_only ? "WHERE" : "", open_only ? open_states : ""));
}

std::string read_account(pg::connection& db, std::int64_t id) {
  const auto r = db.exec("read whose job it is", "SELECT account FROM ordersync.backfill_jobs WHERE id = $1",
                         {std::to_string(id)});
  return r.size() == 0 ? std::string{} : std::string{r.text(0, 0)};
}

backfill_job read_job(pg::connection& db, std::int64_t id) {
  auto found = read_jobs(db, "WHERE id = $1", {std::to_string(id)});
  if (found.empty())
    pg::refuse(core::failure::input, fmt::format("backfill {} does not exist; see ordersync backfill list", id));
  return std::move(found.front());
}

std::vector<std::int64_t> draw_job_ids(pg::connection& db, std::size_t how_many) {
  const auto r =
      db.exec("draw job ids", "SELECT nextval('ordersync.backfill_jobs_id_seq') FROM generate_series(1, $1::integer)",
              {std::to_string(how_many)});
  std::vector<std::int64_t> ids;
  for (int row = 0; row < r.size(); ++row) ids.push_back(r.integer(row, 0));
  return ids;
}

std::vector<backfill_job> insert_jobs(pg::connection& db, const std::vector<std::int64_t>& ids,
                                      const std::vector<std::string>& accounts, const core::window& range,
                                      const std::string& requested_by) {
  if (range.empty()) pg::refuse(core::failure::input, "the range of a backfill is empty: " + core::to_text(range));
  db.exec("create jobs",
          "INSERT INTO ordersync.backfill_jobs (id, account, from_time, to_time, requested_by) "
          "SELECT id, account, $3, $4, $5 FROM unnest($1::bigint[], $2::text[]) AS new (id, account) "
          "ON CONFLICT (id) DO NOTHING",
          {values::array_literal(ids), values::array_literal(accounts), core::to_text(range.begin),
           core::to_text(range.end), requested_by});
  for (const auto id : ids) notify(db, id);
  return read_jobs(db, "WHERE id = ANY($1::bigint[]) ORDER BY id", {values::array_literal(ids)});
}

backfill_job change(pg::connection& db, std::int64_t id, job_action action, const std::string& by) {
  db.exec("lock a job", "SELECT FROM ordersync.backfill_jobs WHERE id = $1 FOR UPDATE", {std::to_string(id)});
  auto job = read_job(db, id);
  const auto how = transition_of(action);
  if (is_so_already(job.state, action)) return job;
  if (!is_allowed(job.state, action)) {
    pg::refuse(core::failure::input,
               fmt::format("backfill {} is {} and cannot be {}", id, name(job.state), how.participle));
  }
  db.exec("steer a job",
          fmt::format("UPDATE ordersync.backfill_jobs SET {}, updated_at = now() WHERE id = $1", how.change),
          action == job_action::resume ? std::vector<pg::param>{std::to_string(id)}
                                       : std::vector<pg::param>{std::to_string(id), by});
  notify(db, id);
  return read_job(db, id);
}

void begin_job(pg::connection& db, std::int64_t id, std::optional<std::int64_t> expected_orders) {
  db.exec("begin a job",
          "UPDATE ordersync.backfill_jobs SET state = 'running', started_at = coalesce(started_at, now()), "
          "reason = '', expected_orders = coalesce($2::bigint, expected_orders), updated_at = now() "
          "WHERE id = $1 AND state IN ('queued', 'running')",
          {std::to_string(id), expected_orders ? pg::param{std::to_string(*expected_orders)} : std::nullopt});
}

void end_job(pg::connection& db, std::int64_t id, job_state end, const std::string& reason) {
  db.exec("end a job",
          "UPDATE ordersync.backfill_jobs SET state = $2, reason = $3, finished_at = now(), updated_at = now() "
          "WHERE id = $1 AND state IN ('queued', 'running')",
          {std::to_string(id), name(end), reason});
}

namespace {

// By how much the orders of a job grow. A window that was stored in parts and read more than once counts the orders of
// the read that decided, as any other does; one that was split counts none, for its parts count them.
std::int64_t orders_of(const sync::window_batch& batch, sync::sweep_outcome outcome,
                       const sync::commit_summary& counts) {
  const auto stored = counts.created + counts.changed + counts.unchanged + counts.outdated;
  if (outcome == sync::sweep_outcome::partial || batch.orders_before == 0) return stored;
  return (outcome == sync::sweep_outcome::split ? 0 : batch.seen) - batch.orders_before;
}

}  // namespace

void add_progress(pg::connection& db, std::int64_t job, const sync::window_batch& batch, sync::sweep_outcome outcome,
                  const sync::commit_summary& counts) {
  using sync::sweep_outcome;
  const bool last = outcome != sweep_outcome::partial && outcome != sweep_outcome::split;
  const bool concluded = last && counts.outdated == 0 && !batch.outdated_before;
  const bool proven = concluded && outcome == sweep_outcome::proven;
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  // A part of a window counts the pages that were answered so far, the last part all of them.
  db.exec("note progress of a job",
          fmt::format(
              "UPDATE ordersync.backfill_jobs SET done = done + ({} * $2::tstzmultirange), "
              "windows_proven = windows_proven + $3::bigint, gaps = gaps + $4::bigint, orders = orders + $5::bigint, "
              "created = created + $6::bigint, changed = changed + $7::bigint, unchanged = unchanged + $8::bigint, "
              "calls = calls + $9::bigint, "
              "updated_at = now() WHERE id = $1",
              whole_range),
          {number(job), concluded ? "{" + values::range_literal(batch.window) + "}" : "{}", number(proven ? 1 : 0),
           number(concluded && !proven ? 1 : 0), number(orders_of(batch, outcome, counts)), number(counts.created),
           number(counts.changed), number(counts.unchanged), number(last ? batch.pages : 0)});
}

}  // namespace ordersync::store::jobs
