#pragma once
// From the configuration's values to each room's own settings. Pure, but for making the objects.

#include "app/setup/loading.hpp"
#include "pandapon/detail_source.hpp"
#include "pandapon/request.hpp"
#include "pandapon/source.hpp"
#include "service/logging.hpp"
#include "store/store.hpp"
#include "sync/ports.hpp"
#include "sync/schedule/schedule.hpp"
#include "sync/sweep/sweep.hpp"
#include "sync/sweep/sweep_runner.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::setup {

service::log_options log_options_of(const config::settings& from);
service::log_options daemon_log_options_of(const config::settings& from);
store::pg::settings store_settings_of(const configuration& from);
// None: no details are read, and nothing is queued for it.
std::optional<store::pg::detail_rules> detail_rules_of(const config::detail_settings& details);
store::maintenance::retention_rules retention_rules_of(const config::retention_settings& retention);
store::reports::reporting_settings reporting_settings_of(const config::settings& from);
sync::sweep::sweep_rules sweep_rules_of(const config::sync_settings& sync);
sync::sweep::sweep_runner_rules sweep_runner_rules_of(const config::api_settings& api);
sync::flow::admission_rules admission_rules_of(const config::sync_settings& sync);
sync::schedule::schedule_rules schedule_rules_of(const config::sync_settings& sync);

// What a person has set of the API's limits.
sync::evidence::known_limits known_limits_of(const config::api_settings& api);
sync::evidence::evidence_rules evidence_rules_of(const config::settings& settings);

// An account that has had no success for longer is failing: live windows are read every `live.every`, and a request
// that hangs takes its whole time before another is tried. A minute at least: a failover, a restart of the API or a
// burst of backfills does not count.
std::chrono::milliseconds success_timeout_of(const config::settings& settings);

pandapon::request_style request_style_of(const config::api_settings& api, std::vector<std::string> user_id_list);
pandapon::source_settings source_settings_of(const config::api_settings& api, pandapon::request_style style,
                                             std::string proxy_password);
// The proxy that leads to a host other than the API's: that of the key, or that of the environment, unless its no_proxy
// lists the host; none: there is none. failure::input where the environment's cannot be used.
core::result<std::optional<pandapon::http::proxy_access>> proxy_access_of(const configuration& from,
                                                                          const std::string& host);
// As the API's clients name what says that it is used: "api.proxy", "environment variable https_proxy".
std::string origin_of_proxy(const config::proxy_choice& proxy);

// The API as the account at `index` of the configuration sees it. `from` and `log` outlive it. failure::input where a
// setting cannot be used, such as a ca_file without certificates.
core::result<std::unique_ptr<sync::order_source>> make_source(boost::asio::any_io_executor executor,
                                                              const configuration& from, std::size_t index,
                                                              std::function<core::instant()> observed_now,
                                                              core::log& log);

// How whoever asks the API comes by its source: make_source, and a made-up API in tests.
using source_maker = std::function<core::result<std::unique_ptr<sync::order_source>>(
    boost::asio::any_io_executor, const configuration&, std::size_t, std::function<core::instant()>, core::log&)>;

// The same for order details.
core::result<std::unique_ptr<sync::detail_source>> make_details(boost::asio::any_io_executor executor,
                                                                const configuration& from, std::size_t index,
                                                                std::function<core::instant()> observed_now,
                                                                core::log& log);
using detail_maker = std::function<core::result<std::unique_ptr<sync::detail_source>>(
    boost::asio::any_io_executor, const configuration&, std::size_t, std::function<core::instant()>, core::log&)>;

}  // namespace ordersync::app::setup
