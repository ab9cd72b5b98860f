#include "app/setup/wiring.hpp"

#include "app/setup/clock_and_random.hpp"
#include "config/proxy.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace ordersync::app::setup {

namespace {

service::log_format format_of(config::log_format from) {
  switch (from) {
    case config::log_format::text:
      return service::log_format::text;
    case config::log_format::json:
      return service::log_format::json;
  }
  throw std::logic_error("a log in a format that there is not");
}

}  // namespace

service::log_options log_options_of(const config::settings& from) {
  const auto& log = from.log;
  return {.least = log.level,
          .format = format_of(log.format),
          .journal = service::stderr_is_journal(),
          .terminal = service::stderr_is_terminal(),
          .zone = std::chrono::duration_cast<std::chrono::minutes>(from.api.time_zone)};
}

service::log_options daemon_log_options_of(const config::settings& from) {
  auto options = log_options_of(from);
  // A daemon outlives failures, and logs now and then that one lasts.
  options.fold = std::chrono::seconds{10};
  options.terminal = false;  // it shows no progress there
  return options;
}

store::pg::settings store_settings_of(const configuration& from) {
  store::pg::settings result;
  result.url = from.settings.database.url;
  result.distributed = from.settings.database.distributed;
  if (from.secrets.database_password) result.password = std::string{from.secrets.database_password->reveal()};
  for (const auto& account : from.settings.accounts) result.accounts.push_back(account.name);
  result.details = detail_rules_of(from.settings.details);
  return result;
}

std::optional<store::pg::detail_rules> detail_rules_of(const config::detail_settings& details) {
  if (!details.enabled) return std::nullopt;
  using config::detail_state;
  const auto has = [&](detail_state state) { return std::ranges::find(details.on, state) != details.on.end(); };
  return store::pg::detail_rules{.unpaid = has(detail_state::unpaid),
                                 .paid = has(detail_state::paid),
                                 .shipped = has(detail_state::shipped),
                                 .received = has(detail_state::received),
                                 .finished = has(detail_state::finished),
                                 .refund = has(detail_state::refund),
                                 .closed = has(detail_state::closed),
                                 .younger_than = std::chrono::ceil<std::chrono::seconds>(details.younger_than)};
}

store::reports::reporting_settings reporting_settings_of(const config::settings& from) {
  const auto& live = from.sync.live;
  return {.api_zone = from.api.time_zone,
          .sync_start = from.sync.start,
          .grace = std::chrono::ceil<std::chrono::seconds>(live.settle + live.overlap)};
}

store::maintenance::retention_rules retention_rules_of(const config::retention_settings& retention) {
  const auto whole = [](std::chrono::milliseconds d) { return std::chrono::ceil<std::chrono::seconds>(d); };
  return {whole(retention.personal_data), whole(retention.payloads)};
}

sync::sweep::sweep_rules sweep_rules_of(const config::sync_settings& sync) {
  sync::sweep::sweep_rules rules;
  rules.reading.page_size = sync.page_size;
  rules.reading.max_orders = sync.max_window_orders;
  // A backfill of 100,000 orders peaked at 63 MiB with this, and at 93 MiB with twice as many.
  rules.reading.most_held = 1000;
  rules.reading.settle = std::chrono::ceil<std::chrono::seconds>(sync.live.settle);
  rules.windows = sync.concurrency;
  // While some are on their way, as many again wait for their turn: none of the ways stands empty for a moment.
  rules.requests = 2 * sync.concurrency;
  return rules;
}

sync::sweep::sweep_runner_rules sweep_runner_rules_of(const config::api_settings& api) {
  sync::sweep::sweep_runner_rules rules;
  rules.request_timeout = api.request_timeout;
  return rules;
}

sync::flow::admission_rules admission_rules_of(const config::sync_settings& sync) {
  return {.per_second = sync.rate, .burst = sync.concurrency, .in_flight = sync.concurrency};
}

sync::schedule::schedule_rules schedule_rules_of(const config::sync_settings& sync) {
  const auto whole = [](std::chrono::milliseconds d) { return std::chrono::ceil<std::chrono::seconds>(d); };
  sync::schedule::schedule_rules rules;
  rules.start = sync.start;
  rules.live_every = sync.live.every;
  rules.settle = whole(sync.live.settle);
  rules.overlap = whole(sync.live.overlap);
  for (const auto& tier : sync.revisit) rules.tiers.push_back({whole(tier.younger_than), whole(tier.every)});
  return rules;
}

sync::evidence::known_limits known_limits_of(const config::api_settings& api) {
  const auto whole = [](const auto& d) {
    return d ? std::optional(std::chrono::floor<std::chrono::seconds>(*d)) : std::nullopt;
  };
  return {.longest_range = whole(api.limits.longest_range),
          .nearest_end = whole(api.limits.nearest_end),
          .page_size = api.limits.page_size,
          .total = api.limits.total};
}

sync::evidence::evidence_rules evidence_rules_of(const config::settings& settings) {
  // A wrong filter is found within this; a request each time where no other read shows that it holds.
  constexpr std::chrono::milliseconds seldom = std::chrono::minutes{1};
  return {.filter_every = std::min(seldom, 6 * settings.sync.live.every), .zone = settings.api.time_zone};
}

std::chrono::milliseconds success_timeout_of(const config::settings& settings) {
  constexpr std::chrono::milliseconds least = std::chrono::minutes{1};
  return std::max(least, 3 * settings.sync.live.every + 2 * settings.api.request_timeout);
}

pandapon::request_style request_style_of(const config::api_settings& api, std::vector<std::string> user_id_list) {
  return {.unit = api.timestamp_unit,
          .unused = api.unused_filters,
          .zone_offset = api.time_zone,
          .user_id_list = std::move(user_id_list)};
}

std::string origin_of_proxy(const config::proxy_choice& proxy) {
  return proxy.variable.empty() ? "api.proxy" : "environment variable " + proxy.variable;
}

namespace {

using proxy_or_none = std::optional<pandapon::http::proxy_access>;

proxy_or_none proxy_of(const config::api_settings& api, std::string password) {
  if (!api.proxy || !api.proxy->through) return std::nullopt;
  return pandapon::http::proxy_access{*api.proxy->through, api.proxy_user, std::move(password),
                                      origin_of_proxy(*api.proxy)};
}

std::string proxy_password_of(const configuration& from) {
  return from.secrets.proxy_password ? std::string{from.secrets.proxy_password->reveal()} : std::string{};
}

}  // namespace

core::result<std::optional<pandapon::http::proxy_access>> proxy_access_of(const configuration& from,
                                                                          const std::string& host) {
  auto api = from.settings.api;
  if (const auto& said = api.environment) {
    if (config::lists_host(said->exempt, host)) return proxy_or_none{};
    const config::proxy_choice choice{said->through, said->variable};
    if (!said->flaw.empty()) return core::make_error(core::failure::input, origin_of_proxy(choice) + ": " + said->flaw);
    if (api.proxy_user.empty()) api.proxy_user = said->user;
    api.proxy = choice;
  }
  return proxy_of(api, proxy_password_of(from));
}

pandapon::source_settings source_settings_of(const config::api_settings& api, pandapon::request_style style,
                                             std::string proxy_password) {
  return {.base_url = api.base_url,
          .proxy = proxy_of(api, std::move(proxy_password)),
          .path = api.path,
          .ca_file = api.ca_file.string(),
          .max_response_bytes = api.max_response_bytes,
          .style = std::move(style)};
}

namespace {

pandapon::source_ports ports_of(const configuration& from, std::size_t index,
                                std::function<core::instant()> observed_now, core::log& log) {
  const auto& account = from.settings.accounts.at(index);
  const auto& secret = from.secrets.access_secrets.at(index);
  auto who = [&account, &secret] {
    return pandapon::credentials{account.access_key, std::string{secret.reveal()}, account.user_id};
  };
  return {std::move(who), wall_clock(), std::move(observed_now), random_source(), &log};
}

}  // namespace

core::result<std::unique_ptr<sync::order_source>> make_source(boost::asio::any_io_executor executor,
                                                              const configuration& from, std::size_t index,
                                                              std::function<core::instant()> observed_now,
                                                              core::log& log) {
  const auto& api = from.settings.api;
  const auto& account = from.settings.accounts.at(index);
  auto settings = source_settings_of(api, request_style_of(api, account.user_id_list), proxy_password_of(from));
  settings.connections = from.connections;
  return pandapon::make_order_source(std::move(executor), settings,
                                     ports_of(from, index, std::move(observed_now), log));
}

core::result<std::unique_ptr<sync::detail_source>> make_details(boost::asio::any_io_executor executor,
                                                                const configuration& from, std::size_t index,
                                                                std::function<core::instant()> observed_now,
                                                                core::log& log) {
  const auto& api = from.settings.api;
  const auto& details = from.settings.details;
  auto settings = source_settings_of(api, request_style_of(api, {}), proxy_password_of(from));
  settings.connections = from.connections;
  return pandapon::make_detail_source(std::move(executor), settings, {details.path, details.refund_path},
                                      ports_of(from, index, std::move(observed_now), log));
}

}  // namespace ordersync::app::setup
