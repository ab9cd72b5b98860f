#include "app/daemon/proof_watch.hpp"

#include "app/setup/wiring.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// Soon enough for the next scrape. A look takes some statements an account, and may take the database a fiftieth of its
// time at most.
constexpr std::chrono::seconds looked_every{10};
constexpr int share = 50;

std::unique_ptr<store::database> open(const setup::configuration& from, const store::leadership::instance& self,
                                      core::log& log) {
  auto settings = setup::store_settings_of(from);
  settings.instance = self.id;
  settings.retry.give_up_after = std::chrono::milliseconds{0};  // the next look comes soon
  return store::make_database(std::move(settings), log);
}

std::map<std::string, proof_figures> figures_of(const store::reports::status_report& report) {
  std::map<std::string, proof_figures> all;
  for (const auto& account : report.accounts)
    all[account.account] = {account.open_contradictions, account.audited, account.push};
  return all;
}

std::vector<std::string> detailed_accounts(const config::settings& settings) {
  std::vector<std::string> names;
  if (!settings.details.enabled) return names;
  for (const auto& account : settings.accounts) names.push_back(account.name);
  return names;
}

}  // namespace

proof_watch::proof_watch(const asio::any_io_executor& executor, const setup::configuration& from,
                         const store::leadership::instance& self, core::log& log)
    : database_(open(from, self, log)), detailed_(detailed_accounts(from.settings)), rest_(executor) {}

// Of what failed the old figures stay.
asio::awaitable<void> proof_watch::add_details(std::map<std::string, proof_figures>& to) {
  for (const auto& account : detailed_) {
    auto whose = account;
    auto looking = database_->details().figures(std::move(whose));
    auto found = co_await std::move(looking);
    if (stopping_) co_return;
    if (found.has_value())
      to[account].details = std::move(*found);
    else if (figures_)
      to[account].details = (*figures_)[account].details;
  }
}

asio::awaitable<void> proof_watch::run() {
  while (!stopping_) {
    const auto began = steady_clock::now();
    const auto report = co_await database_->status();
    if (stopping_) break;
    // What failed is reported by those who need the database to work; old figures are better than none.
    if (report.has_value()) {
      auto fresh = figures_of(*report);
      co_await add_details(fresh);
      if (stopping_) break;
      figures_ = std::move(fresh);
    }
    rest_.expires_after(std::max<steady_clock::duration>(looked_every, share * (steady_clock::now() - began)));
    co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void proof_watch::stop() {
  stopping_ = true;
  database_->close();
  rest_.cancel();
}

std::optional<proof_figures> proof_watch::of(const std::string& account) const {
  if (!figures_) return std::nullopt;
  const auto at = figures_->find(account);
  return at == figures_->end() ? proof_figures{} : at->second;
}

}  // namespace ordersync::app::daemon
