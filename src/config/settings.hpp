#pragma once
// The configuration as typed values. Plain data: load() fills every member from the file or from the table of keys, so
// nothing here has a default of its own. No secret is in it, only where each one is to be read.

#include "config/problem.hpp"
#include "core/api_format.hpp"
#include "core/http_proxy.hpp"
#include "core/https_url.hpp"
#include "core/log.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::config {

using core::https_url;
using core::timestamp_unit;
using core::unused_filters;
using log_level = core::severity;
enum class log_format { text, json };

struct listen_address {
  std::string host;        // an IP address; IPv6 without its brackets
  std::uint16_t port = 0;  // 0: any free one
  friend auto operator<=>(const listen_address&, const listen_address&) = default;
};

// Where a secret is to be read: a path, or the name of a systemd credential. See secrets.hpp.
struct secret_reference {
  std::string text;  // empty: not given
  location at;
  friend auto operator<=>(const secret_reference&, const secret_reference&) = default;
};

// What the API is known to allow; none: the program finds it out by itself.
struct api_limits {
  std::optional<std::chrono::milliseconds> longest_range;  // of creation time in one request
  std::optional<std::chrono::milliseconds> nearest_end;    // from the end of a range to now
  std::optional<int> page_size;                            // orders
  std::optional<std::int64_t> total;                       // orders of one range
  friend bool operator==(const api_limits&, const api_limits&) = default;
};

// Which way leads to the API. Its credentials in the environment are a secret: see proxy.hpp.
struct proxy_choice {
  std::optional<core::http_proxy> through;  // none: directly
  std::string variable;                     // of the environment, that said so; empty: api.proxy
  friend auto operator<=>(const proxy_choice&, const proxy_choice&) = default;
};

// What the environment says of proxies to all programs; whether its proxy is used depends on the host that is asked.
struct environment_proxy {
  core::http_proxy through;     // where `flaw` is empty
  std::string variable;         // that names it
  std::string user;             // empty: none
  std::string flaw;             // why it cannot be used; empty: it can
  std::string exempt;           // the hosts that are reached directly, see lists_host
  std::string exempt_variable;  // that lists them
  friend bool operator==(const environment_proxy&, const environment_proxy&) = default;
};

struct api_settings {
  https_url base_url;
  std::string path;                              // begins with '/', visible ASCII, no query
  std::optional<proxy_choice> proxy;             // none: neither the key nor the environment says anything
  std::optional<environment_proxy> environment;  // where the key says nothing: for hosts other than the API's too
  std::string proxy_user;                        // visible ASCII; empty: what the environment's proxy has, or none
  secret_reference proxy_password;
  std::filesystem::path ca_file;  // empty: the system's trust anchors alone
  std::chrono::milliseconds request_timeout{};
  config::timestamp_unit timestamp_unit = config::timestamp_unit::milliseconds;
  std::chrono::seconds time_zone{};  // seconds east of Greenwich
  config::unused_filters unused_filters = config::unused_filters::omit;
  api_limits limits;
  std::size_t max_response_bytes = 0;
};

struct account {
  std::string name;  // unique; letters, digits, '.', '_', '-'
  std::string access_key;
  secret_reference access_secret;
  std::string user_id;
  std::vector<std::string> user_id_list;  // empty: all
  location at;                            // where the account begins in the file
};

struct database_settings {
  std::string url;  // for libpq, without password
  secret_reference password;
  bool distributed = false;  // the orders are spread over a Citus cluster
};

struct live_settings {
  std::chrono::milliseconds every{};
  std::chrono::milliseconds settle{};
  std::chrono::milliseconds overlap{};
};

// Windows younger than `younger_than` (and not of a younger tier) are read again `every` so often.
struct revisit_tier {
  std::chrono::milliseconds younger_than{};
  std::chrono::milliseconds every{};
};

// Checks by counts.
struct recheck_settings {
  std::chrono::milliseconds younger_than{};
  std::chrono::milliseconds every{};
  double share = 0;  // of the rate, 0 to 0.9; 0: none
};

struct sync_settings {
  std::chrono::sys_seconds start{};
  int page_size = 0;          // orders
  int max_window_orders = 0;  // orders; at least page_size
  int concurrency = 0;        // requests in flight
  double rate = 0;            // requests a second
  double audit = 0;           // share of the rate, 0 to 0.5
  live_settings live;
  std::vector<revisit_tier> revisit;  // younger first; empty: nothing is read again
  recheck_settings recheck;
};

// Ages of orders; zero: kept for ever.
struct retention_settings {
  std::chrono::milliseconds personal_data{};
  std::chrono::milliseconds payloads{};
};

struct service_settings {
  listen_address listen;
  secret_reference admin_token;  // empty: the status page is read-only
};

// The vendor's messages; none: they are not listened for.
struct push_settings {
  std::optional<listen_address> listen;
  std::string path;  // begins with '/', visible ASCII, no query
};

// Which orders' details are read: those that enter one of these states.
enum class detail_state { unpaid, paid, shipped, received, finished, refund, closed };

// What the API's detail of each order adds: payments, parcels, refunds.
struct detail_settings {
  bool enabled = false;
  std::string path;              // of the order detail; begins with '/', visible ASCII, no query
  std::string refund_path;       // of a refund; the same
  std::vector<detail_state> on;  // one at least, distinct
  double share = 0;              // of the rate, above 0 to 1
  std::chrono::milliseconds younger_than{};
};

enum class alert_format { json, slack, dingtalk, wecom, feishu };
enum class alert_kind { gap, behind, refused, database, silent, recovered };

// Whom to alert when the mirror needs somebody.
struct alert {
  secret_reference webhook;  // the URL: whoever knows it can write there
  secret_reference signing;  // of a robot that wants messages signed; empty: they are not
  alert_format format = alert_format::json;
  std::vector<alert_kind> on;          // one at least, distinct
  std::chrono::milliseconds settle{};  // how long something lasts before it is reported
  std::filesystem::path ca_file;       // empty: the system's trust anchors alone
  location at;                         // where it begins in the file
};

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::text;
};

// A file, standard input or an environment variable that the settings came from.
struct origin {
  std::string name;  // as problems name it
  std::filesystem::path
      directory;  // what is relative in it is relative to this; of all but files the working directory
};

struct settings {
  std::vector<origin> origins;  // by location::source; the first is the main file, where there is one
  api_settings api;
  std::vector<account> accounts;  // at least one
  database_settings database;
  sync_settings sync;
  detail_settings details;
  retention_settings retention;
  push_settings push;
  service_settings service;
  std::vector<alert> alerts;
  log_settings log;
};

inline const origin& origin_of(const settings& s, const location& at) {
  return s.origins.at(static_cast<std::size_t>(at.source));
}

}  // namespace ordersync::config
