#include "app/commands/jobs.hpp"

#include "app/tasks/backfills.hpp"

namespace ordersync::app::commands {

using store::jobs::backfill_job;

core::result<std::vector<backfill_job>> create_jobs(session& in, std::optional<std::string> account, core::window range,
                                                    std::string by) {
  auto accounts = account ? std::vector{*account} : in.account_names();
  return in.run_on_schema(in.database().create_jobs(std::move(accounts), range, std::move(by)));
}

core::result<std::vector<backfill_job>> list_jobs(session& in, bool open_only) {
  return in.run_on_schema(in.database().jobs(open_only));
}

core::result<backfill_job> find_job(session& in, std::int64_t id) {
  return in.run_on_schema(in.database().job(id));
}

core::result<backfill_job> change_job(session& in, std::int64_t id, store::jobs::job_action action, std::string by) {
  return in.run_on_schema(in.database().change_job(id, action, std::move(by)));
}

core::result<tasks::awaited_jobs> await_jobs(session& in, const std::vector<backfill_job>& jobs,
                                             const tasks::job_listener& listener) {
  tasks::job_watch watch(in.executor(), in.database());
  return in.run(watch.wait(jobs, listener), [&] { watch.stop(); });
}

core::result<std::vector<tasks::backfill_estimate>> estimate_backfill(session& in, std::optional<std::string> account,
                                                                      core::window range) {
  std::vector<tasks::backfill_estimate> estimates;
  const auto& accounts = in.configuration().settings.accounts;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (account && accounts[i].name != *account) continue;
    auto one = in.run(tasks::estimate_backfill(in.executor(), in.configuration(), i, range, in.log()));
    if (one.has_error()) return one.error();
    estimates.push_back(std::move(*one));
  }
  return estimates;
}

}  // namespace ordersync::app::commands
