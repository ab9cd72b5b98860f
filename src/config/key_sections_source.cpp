// Where orders come from, and where they go.

#include "config/key_sections.hpp"
#include "config/places.hpp"

namespace ordersync::config {
namespace {

using places::at;
using places::in_account;

using api = api_settings;
using limits = api_limits;

}  // namespace

std::vector<key> api_keys() {
  return {
      {.path = "api", .help = "The PandaPon API, where the orders come from."},
      {.path = "api.base_url",
       .type = kind::https_url,
       .fallback = "https://api.pandapon.com",
       .help = "The API's host, and its port if not 443.",
       .at = at<&settings::api, &api::base_url>},
      {.path = "api.path",
       .type = kind::url_path,
       .fallback = "/alibaba/order/page",
       .help = "Path of the order list. The vendor also has a newer /v2/alibaba/order/page. Changing the path starts a "
               "new coverage.",
       .at = at<&settings::api, &api::path>},
      {.path = "api.proxy",
       .type = kind::proxy,
       .help =
           "The proxy to connect through, http://HOST:PORT, or none. Default: that of the environment (https_proxy, "
           "unless no_proxy lists the API's host), or none.",
       .at = at<&settings::api, &api::proxy>},
      {.path = "api.proxy_user",
       .type = kind::token,
       .help = "The user to name to the proxy, where it asks for one.",
       .at = at<&settings::api, &api::proxy_user>},
      {.path = "api.proxy_password_file",
       .type = kind::secret_file,
       .help = "File with that user's password, or the name of a systemd credential.",
       .at = at<&settings::api, &api::proxy_password>},
      {.path = "api.proxy_password", .type = kind::inline_secret, .help = "proxy_password_file"},
      {.path = "api.ca_file",
       .type = kind::file,
       .help = "PEM file with certificate authorities to trust, in addition to the system's.",
       .at = at<&settings::api, &api::ca_file>},
      {.path = "api.request_timeout",
       .type = kind::duration,
       .fallback = "30s",
       .least = "1s",
       .most = "10m",
       .help = "Timeout of one request, from connecting to the last byte of the reply.",
       .at = at<&settings::api, &api::request_timeout>},
      {.path = "api.timestamp_unit",
       .type = kind::choice,
       .fallback = "ms",
       .choices = {{"ms", timestamp_unit::milliseconds}, {"s", timestamp_unit::seconds}},
       .help =
           "Unit of the signed timestamp header. The vendor's reference shows 13 digits (milliseconds); change it if "
           "the API refuses every request because of its signature or time.",
       .at = at<&settings::api, &api::timestamp_unit>},
      {.path = "api.time_zone",
       .type = kind::utc_offset,
       .fallback = "\"+08:00\"",
       .help =
           "Time zone of the API's time filter, and of every date without a zone in this file and on the command line. "
           "Changing it starts a new coverage.",
       .at = at<&settings::api, &api::time_zone>},
      {.path = "api.unused_filters",
       .type = kind::choice,
       .fallback = "omit",
       .choices = {{"omit", unused_filters::omit}, {"null", unused_filters::null}, {"empty", unused_filters::empty}},
       .help = "How a request sends a filter that is not used: left out, null, or empty.",
       .at = at<&settings::api, &api::unused_filters>},
      {.path = "api.limits",
       .help = "Limits of the API. ordersync finds out by tests those that are not set, stores them in the database "
               "(ordersync.api_limits), and tests them again once a day; a value set here takes precedence."},
      {.path = "api.limits.longest_range",
       .type = kind::duration,
       .least = "1m",
       .most = "36500d",
       .help = "The longest range of creation times allowed in one request.",
       .at = at<&settings::api, &api::limits, &limits::longest_range>},
      {.path = "api.limits.nearest_end",
       .type = kind::duration,
       .least = "0s",
       .most = "1d",
       .help = "How long before now the end of a requested range must be.",
       .at = at<&settings::api, &api::limits, &limits::nearest_end>},
      {.path = "api.limits.page_size",
       .type = kind::integer,
       .least = "1",
       .most = "1000",
       .help = "The most orders that the API returns on a page; sync.page_size is lowered to it.",
       .at = at<&settings::api, &api::limits, &limits::page_size>},
      {.path = "api.limits.total",
       .type = kind::integer,
       .least = "1",
       .most = "1000000000",
       .help = "The most orders that the API returns for a range; ranges with more are split.",
       .at = at<&settings::api, &api::limits, &limits::total>},
      {.path = "api.max_response_bytes",
       .type = kind::size,
       .fallback = "64MiB",
       .least = "64KiB",
       .most = "1GiB",
       .help = "Largest allowed reply; a larger one is cut off and counts as a failure.",
       .at = at<&settings::api, &api::max_response_bytes>},
  };
}

std::vector<key> account_keys() {
  return {
      {.path = "accounts",
       .type = kind::objects,
       .least = "1",
       .required = true,
       .help = "The API accounts whose orders are mirrored.",
       .at = places::accounts},
      {.path = "accounts[].name",
       .type = kind::name,
       .required = true,
       .help = "The account's name in tables, logs and metrics. Do not change it: coverage is stored under this name.",
       .at = in_account<&account::name>},
      {.path = "accounts[].access_key",
       .type = kind::token,
       .required = true,
       .help = "The account's access-key.",
       .at = in_account<&account::access_key>},
      {.path = "accounts[].access_secret_file",
       .type = kind::secret_file,
       .help = "File with the access-secret, or the name of a systemd credential. Default: the credential with the "
               "account's name.",
       .at = in_account<&account::access_secret>},
      {.path = "accounts[].access_secret", .type = kind::inline_secret, .help = "access_secret_file"},
      {.path = "accounts[].user_id",
       .type = kind::token,
       .required = true,
       .help = "The user-id sent with every request.",
       .at = in_account<&account::user_id>},
      {.path = "accounts[].user_id_list",
       .type = kind::tokens,
       .fallback = "[]",
       .help = "Mirror only the orders of these users; empty: all. Changing the list starts a new coverage.",
       .at = in_account<&account::user_id_list>},
  };
}

std::vector<key> database_keys() {
  return {
      {.path = "database", .help = "The PostgreSQL database that holds the mirror."},
      {.path = "database.url",
       .type = kind::database_url,
       .fallback = "postgresql://ordersync@/ordersync",
       .help = "PostgreSQL connection URI, without password.",
       .at = at<&settings::database, &database_settings::url>},
      {.path = "database.password_file",
       .type = kind::secret_file,
       .help = "File with the password, or the name of a systemd credential. Default: no password is sent.",
       .at = at<&settings::database, &database_settings::password>},
      {.path = "database.distributed",
       .type = kind::choice,
       .fallback = "false",
       .choices = {{"false", std::int64_t{0}}, {"true", std::int64_t{1}}},
       .help =
           "The database is the coordinator of a Citus cluster, and the orders are spread over its nodes: ordersync "
           "migrate does that, and the daemon refuses a database where it was not done. See docs/scale.md.",
       .at = at<&settings::database, &database_settings::distributed>},
      {.path = "database.password", .type = kind::inline_secret, .help = "password_file"},
  };
}

}  // namespace ordersync::config
