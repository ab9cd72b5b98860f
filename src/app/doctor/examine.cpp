#include "app/doctor/examine.hpp"

#include "app/doctor/api_examination.hpp"
#include "app/doctor/count_findings.hpp"
#include "app/doctor/findings.hpp"
#include "app/doctor/owner_findings.hpp"
#include "app/doctor/push_findings.hpp"
#include "app/runtime/runner.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/setup/demand.hpp"
#include "app/setup/service_user.hpp"
#include "app/setup/wiring.hpp"
#include "config/load.hpp"
#include "config/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace ordersync::app::doctor {

namespace asio = boost::asio;

namespace {

constexpr std::array<std::string_view, 9> of_database{"database",    "role",         "encoding", "schema", "room",
                                                      "commit_time", "known_limits", "listing",  "workers"};
constexpr std::array<std::string_view, 7> of_api{"proxy", "dns",         "tls",           "api",
                                                 "clock", "credentials", "timestamp_unit"};

// What could be read of the secrets; none of one does not keep the others from being used.
struct found_secrets {
  std::optional<std::string> database_password;
  bool database_usable = true;
  std::optional<std::string> proxy_password;
  std::vector<std::optional<std::string>> accounts;
  bool admin_token = false;
  std::vector<config::problem> problems;
};

std::optional<config::secrets> read_some(const config::settings& only, found_secrets& found) {
  auto read = config::read_secrets(only, setup::credentials_directory());
  if (read.has_value()) return std::move(*read);
  for (auto& problem : read.error()) found.problems.push_back(std::move(problem));
  return std::nullopt;
}

found_secrets read_secrets(const config::settings& settings) {
  found_secrets found;
  auto none = settings;
  none.accounts.clear();
  none.database.password = {};
  none.service.admin_token = {};
  none.api.proxy.reset();
  none.api.environment.reset();
  none.api.proxy_password = {};
  auto database = none;
  database.database = settings.database;
  const auto password = read_some(database, found);
  found.database_usable = password.has_value();
  if (password && password->database_password)
    found.database_password = std::string{password->database_password->reveal()};
  auto proxy = none;
  proxy.api = settings.api;
  const auto of_proxy = read_some(proxy, found);
  if (of_proxy && of_proxy->proxy_password) found.proxy_password = std::string{of_proxy->proxy_password->reveal()};
  auto page = none;
  page.service = settings.service;
  const auto token = read_some(page, found);
  found.admin_token = token && token->admin_token;
  for (const auto& account : settings.accounts) {
    auto one = none;
    one.accounts = {account};
    const auto read = read_some(one, found);
    found.accounts.push_back(read ? std::optional{std::string{read->access_secrets.front().reveal()}} : std::nullopt);
  }
  return found;
}

check assess_secrets(const found_secrets& found) {
  check one{.name = "secrets"};
  if (found.problems.empty()) {
    const auto others =
        (found.database_password ? 1U : 0U) + (found.proxy_password ? 1U : 0U) + (found.admin_token ? 1U : 0U);
    one.found = fmt::format("{} read, accessible to their owner only", found.accounts.size() + others);
    return one;
  }
  one.state = check_state::failed;
  for (const auto& problem : found.problems) one.found += (one.found.empty() ? "" : "; ") + config::to_text(problem);
  one.cure = "fix the files named above; ordersync check checks only the configuration and these files";
  return one;
}

class examination {
 public:
  examination(setup::configuration_files files, report_writer& notes) : files_(std::move(files)), notes_(notes) {}

  void perform() {
    auto settings = setup::load_settings(files_);
    if (settings.has_error()) {
      for (const auto& problem : settings.error())
        notes_.add(check{.name = "configuration",
                         .state = check_state::failed,
                         .found = config::to_text(problem),
                         .cure = "fix the file; ordersync config-reference explains every key"});
      skip_all("the configuration is invalid");
      return;
    }
    const auto overload = setup::overload_of(*settings);
    notes_.add(check{.name = "configuration",
                     .state = overload.empty() ? check_state::ok : check_state::warning,
                     .found = overload.empty() ? files_.text() + " is valid" : overload,
                     .cure = overload.empty() ? "" : "set sync.rate as high as the vendor allows"});
    auto secrets = read_secrets(*settings);
    notes_.add(assess_secrets(secrets));
    setup::become_service_user(*settings);
    reach_out(*settings, secrets);
  }

 private:
  void skip_all(const std::string& because) {
    notes_.skip({"secrets"}, because);
    notes_.skip(of_database, because);
    notes_.skip(of_api, because);
    notes_.skip(trial_names, because);
    notes_.skip(evidence_names, because);
  }

  void reach_out(const config::settings& settings, const found_secrets& secrets) {
    const auto log = service::make_stderr_log(setup::log_options_of(settings));
    look_at_database(settings, secrets, *log);
    if (runner_.interrupted()) return;
    api_secrets of_api_calls{secrets.accounts, secrets.proxy_password.value_or("")};
    api_examination api(runner_.io().get_executor(), settings, std::move(of_api_calls), std::move(stored_), *log,
                        notes_);
    run(
        api.perform(), [&] { api.stop(); }, [] {});
  }

  void look_at_database(const config::settings& settings, const found_secrets& secrets, core::log& log) {
    if (const auto url = store::check_url(settings.database.url); url.has_error()) {
      notes_.add(check{.name = "database",
                       .state = check_state::failed,
                       .found = "database.url: " + url.error().what,
                       .cure = "correct database.url"});
      return skip_after_database("database.url is invalid");
    }
    if (!secrets.database_usable) return notes_.skip(of_database, "the database password cannot be read");
    store::pg::settings of;
    of.url = settings.database.url;
    of.password = secrets.database_password.value_or("");
    of.retry.give_up_after = std::chrono::milliseconds{0};  // a person waits, and wants to know how it is now
    const auto database = store::make_database(std::move(of), log);
    run(
        ask_database(*database, settings), [&] { database->close(); }, [&] { database->cut(); });
  }

  asio::awaitable<void> ask_database(store::database& database, const config::settings& settings) {
    constexpr int commits = 9;
    const auto server = co_await database.health();
    if (runner_.interrupted()) co_return;
    if (server.has_error()) {
      notes_.add(check{.name = "database",
                       .state = check_state::failed,
                       .found = server.error().what,
                       .cure = "check that PostgreSQL runs and accepts this role (try psql with database.url)",
                       .failing = setup::exit_code::database});
      co_return skip_after_database("the database cannot be reached");
    }
    for (auto& one : assess_server(*server, setup::wall_clock()())) notes_.add(std::move(one));
    const auto steps = co_await database.migration_status();
    if (runner_.interrupted()) co_return;
    const auto schema = assess_schema(steps);
    notes_.add(schema);
    if (server->state.replay_lag) {
      notes_.skip({"room", "commit_time"}, "the server is read-only");
    } else if (!server->state.missing_standby.empty()) {
      notes_.skip({"room"}, "commits hang");
      notes_.add(assess_missing_standby(*server));
    } else {
      const auto room = co_await database.try_room();
      if (runner_.interrupted()) co_return;
      notes_.add(assess_room(room));
      const auto times = co_await database.time_commits(commits);
      if (runner_.interrupted()) co_return;
      notes_.add(assess_commits(times));
    }
    if (schema.state != check_state::ok)
      co_return notes_.skip({"known_limits", "listing", "workers"}, "the schema is not current");
    co_await read_what_is_known(database, settings);
    const auto seen = co_await database.listing();
    if (!runner_.interrupted()) notes_.add(assess_listing(seen, settings.sync.live.settle));
    if (!runner_.interrupted()) co_await read_what_daemons_say(database, settings);
    if (settings.push.listen && !runner_.interrupted()) co_await read_push(database, settings);
  }

  asio::awaitable<void> read_push(store::database& database, const config::settings& settings) {
    auto& messages = database.push_messages();
    arrivals of_all;
    const auto refusals = co_await messages.refusals();
    if (refusals.has_value()) of_all.refusals = *refusals;
    std::vector<core::result<store::push::push_figures>> by_account;
    for (const auto& account : settings.accounts) {
      by_account.push_back(co_await messages.figures(account.name));
      if (runner_.interrupted()) co_return;
      const auto& figures = by_account.back();
      if (figures.has_value()) of_all.latest_at = std::max(of_all.latest_at, figures->latest_at);
    }
    for (std::size_t i = 0; i < by_account.size(); ++i)
      notes_.add(assess_push(settings.accounts[i].name, by_account[i], of_all, setup::wall_clock()()));
  }

  asio::awaitable<void> read_what_daemons_say(store::database& database, const config::settings& settings) {
    const auto seen = co_await database.status();
    if (seen.has_error()) co_return;  // what is wrong with the database was said
    std::vector<std::string> accounts;
    for (const auto& account : settings.accounts) accounts.push_back(account.name);
    notes_.add(assess_workers(seen->owners, accounts));
    if (settings.sync.recheck.share <= 0) co_return;
    for (const auto& one : seen->checks) {
      if (std::ranges::find(accounts, one.account) == accounts.end()) continue;
      if (auto found = assess_checks_by_counts(one)) notes_.add(std::move(*found));
    }
  }

  // Of the API, by the mirror: its limits, and orders to try it by.
  asio::awaitable<void> read_what_is_known(store::database& database, const config::settings& settings) {
    constexpr int enough = 6;
    for (const auto& account : settings.accounts) {
      const auto limits = co_await database.trials().limits(account.name);
      if (runner_.interrupted()) co_return;
      if (limits.has_error()) {
        notes_.add(check{.name = "known_limits",
                         .account = account.name,
                         .state = check_state::failed,
                         .found = limits.error().what,
                         .cure = "check PostgreSQL's log",
                         .failing = setup::exit_code::database});
        continue;
      }
      notes_.add(assess_known_limits(account.name, tasks::limits_of(*limits, settings.api.limits)));
      const auto orders = co_await database.trials().known_orders(account.name, enough, setup::random_source()());
      if (orders.has_error()) continue;
      for (const auto& order : *orders) {
        auto known = sync::evidence::make_witness(order.id, order.tb_order_id, order.created_at, order.tb_created_at,
                                                  order.order_status);
        if (known) stored_[account.name].push_back(std::move(*known));
      }
    }
  }

  void skip_after_database(const std::string& because) {
    notes_.skip({"role", "encoding", "schema", "room", "commit_time", "known_limits", "listing", "workers"}, because);
  }

  void run(asio::awaitable<void> task, std::function<void()> soon, std::function<void()> now) {
    runner_.run(to_value(std::move(task)), {.soon = std::move(soon), .now = std::move(now)});
    notes_.report.interrupted = runner_.interrupted();
  }

  static asio::awaitable<bool> to_value(asio::awaitable<void> task) {
    co_await std::move(task);
    co_return true;
  }

  setup::configuration_files files_;
  report_writer& notes_;
  api_examination::stored_orders stored_;
  runtime::runner runner_;
};

}  // namespace

doctor_report examine(const setup::configuration_files& files, const check_listener& listener) {
  const auto begun = std::chrono::steady_clock::now();
  report_writer notes(listener);
  examination(files, notes).perform();
  notes.report.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  return std::move(notes.report);
}

}  // namespace ordersync::app::doctor
