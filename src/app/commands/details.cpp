#include "app/commands/details.hpp"

#include "app/details/detail_watch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ordersync::app::commands {
namespace {

std::chrono::seconds time_of(const config::settings& settings, std::int64_t requests) {
  const double per_second = settings.sync.rate * settings.details.share /
                            static_cast<double>(std::max<std::size_t>(1, settings.accounts.size()));
  return std::chrono::seconds{static_cast<std::int64_t>(std::ceil(static_cast<double>(requests) / per_second))};
}

core::result<queued_details> queue_one(session& in, const std::string& account, core::window range) {
  queued_details result{.account = account, .figures = {}};
  const auto queued = in.run_on_schema(in.database().details().queue(account, range));
  if (queued.has_error()) return queued.error();
  result.queued = *queued;
  auto figures = in.run(in.database().details().figures(account));
  if (figures.has_error()) return figures.error();
  result.figures = std::move(*figures);
  const auto requests = in.run(in.database().details().requests_due(account));
  if (requests.has_error()) return requests.error();
  result.time = time_of(in.configuration().settings, *requests);
  return result;
}

}  // namespace

core::result<std::vector<queued_details>> queue_details(session& in, std::optional<std::string> account,
                                                        core::window range) {
  if (!in.configuration().settings.details.enabled)
    return core::make_error(core::failure::input,
                            "--details: no details are read; set details.enabled to true, and reload the daemons");
  const auto accounts = account ? std::vector{*account} : in.account_names();
  std::vector<queued_details> all;
  for (const auto& name : accounts) {
    auto one = queue_one(in, name, range);
    if (one.has_error()) return one.error();
    all.push_back(std::move(*one));
  }
  return all;
}

core::result<awaited_details> await_details(session& in, std::vector<queued_details> accounts,
                                            const details_listener& listener) {
  awaited_details result;
  std::vector<std::string> names;
  for (const auto& one : accounts) names.push_back(one.account);
  details::detail_watch watch(in.executor(), in.database().details());
  const auto seen = in.run(watch.wait(names, listener), [&] { watch.stop(); });
  if (seen.has_error()) return seen.error();
  for (std::size_t i = 0; i < seen->size(); ++i) {
    accounts[i].figures = (*seen)[i];
    result.refused = result.refused || (accounts[i].figures.refused_at && !accounts[i].figures.refunds_alone);
  }
  result.accounts = std::move(accounts);
  result.interrupted = in.interrupted();
  return result;
}

}  // namespace ordersync::app::commands
