#include "config/keys.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::config {
namespace {

template <class Target>
void assign(Target& target, value&& v) {
  if constexpr (std::is_enum_v<Target>) {
    target = static_cast<Target>(std::get<choice>(v).index);
  } else if constexpr (std::is_integral_v<Target>) {
    target = static_cast<Target>(std::get<std::int64_t>(v));  // the range of every integer key fits its member
  } else {
    target = std::get<Target>(std::move(v));
  }
}

template <class T>
void assign(std::optional<T>& target, value&& v) {
  assign(target.emplace(), std::move(v));
}

template <class T>
bool same(const T& a, const T& b) {
  return a == b;
}
// Where in the file it stands does not matter.
bool same(const secret_reference& a, const secret_reference& b) {
  return a.text == b.text;
}

// at<&settings::sync, &sync_settings::rate> is s.sync.rate.
template <auto... Members>
constexpr place at = {
    .put = [](settings& s, value&& v) { assign((s.*....*Members), std::move(v)); },
    .same = [](const settings& a, const settings& b) { return same((a.*....*Members), (b.*....*Members)); },
};

template <class List, class Same>
bool same_elements(const List& a, const List& b, Same same) {
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin(), same);
}

template <auto Member>
constexpr place in_account = {
    .put = [](settings& s, value&& v) { assign(s.accounts.back().*Member, std::move(v)); },
    .same =
        [](const settings& a, const settings& b) {
          return same_elements(a.accounts, b.accounts,
                               [](const account& x, const account& y) { return same(x.*Member, y.*Member); });
        },
};

template <auto Member>
constexpr place in_tier = {
    .put = [](settings& s, value&& v) { assign(s.sync.revisit.back().*Member, std::move(v)); },
    .same =
        [](const settings& a, const settings& b) {
          return same_elements(a.sync.revisit, b.sync.revisit,
                               [](const revisit_tier& x, const revisit_tier& y) { return same(x.*Member, y.*Member); });
        },
};

constexpr place accounts = {
    .put = [](settings& s, value&& v) { s.accounts.emplace_back().at = std::get<location>(v); },
    .same = [](const settings& a, const settings& b) { return a.accounts.size() == b.accounts.size(); },
};

constexpr place tiers = {
    .put = [](settings& s, value&&) { s.sync.revisit.emplace_back(); },
    .same = [](const settings& a, const settings& b) { return a.sync.revisit.size() == b.sync.revisit.size(); },
};

using api = api_settings;
using limits = api_limits;
using sync = sync_settings;
using live = live_settings;

const std::vector<key> table = {
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
     .choices = {"ms", "s"},
     .help = "Unit of the signed timestamp header. The vendor's reference shows 13 digits (milliseconds); change it if "
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
     .choices = {"omit", "null", "empty"},
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

    {.path = "accounts",
     .type = kind::objects,
     .least = "1",
     .required = true,
     .help = "The API accounts whose orders are mirrored.",
     .at = accounts},
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
    {.path = "database.password", .type = kind::inline_secret, .help = "password_file"},

    {.path = "sync", .help = "What is read, how fast and how often."},
    {.path = "sync.start",
     .type = kind::time,
     .fallback = "2024-01-01",
     .help = "Orders created before this time are not mirrored, unless they are backfilled.",
     .at = at<&settings::sync, &sync::start>},
    {.path = "sync.page_size",
     .type = kind::integer,
     .fallback = "50",
     .least = "1",
     .most = "1000",
     .help = "Orders per page. The API's own limit is not documented; 1688 itself returns 20 to 50.",
     .at = at<&settings::sync, &sync::page_size>},
    {.path = "sync.max_window_orders",
     .type = kind::integer,
     .fallback = "2000",
     .least = "1",
     .most = "100000",
     .help = "A window with more orders is split. Memory use grows with this value times concurrency.",
     .at = at<&settings::sync, &sync::max_window_orders>},
    {.path = "sync.concurrency",
     .type = kind::integer,
     .fallback = "4",
     .least = "1",
     .most = "64",
     .help = "Requests in flight at the same time, over all accounts and tasks.",
     .at = at<&settings::sync, &sync::concurrency>},
    {.path = "sync.rate",
     .type = kind::number,
     .fallback = "10",
     .least = "0.01",
     .most = "100000",
     .help = "Requests per second, over all accounts and tasks.",
     .at = at<&settings::sync, &sync::rate>},
    {.path = "sync.audit",
     .type = kind::number,
     .fallback = "0.02",
     .least = "0",
     .most = "0.5",
     .help = "Share of the rate that is used to check proven windows again by another method; 0: none.",
     .at = at<&settings::sync, &sync::audit>},
    {.path = "sync.live", .help = "How new orders are read."},
    {.path = "sync.live.every",
     .type = kind::duration,
     .fallback = "10s",
     .least = "1s",
     .most = "1d",
     .help = "How often the newest window is read.",
     .at = at<&settings::sync, &sync::live, &live::every>},
    {.path = "sync.live.settle",
     .type = kind::duration,
     .fallback = "5s",
     .least = "0s",
     .most = "1h",
     .help = "How long after its end a window is read: the API lists new orders with a delay.",
     .at = at<&settings::sync, &sync::live, &live::settle>},
    {.path = "sync.live.overlap",
     .type = kind::duration,
     .fallback = "10m",
     .least = "0s",
     .most = "7d",
     .help = "How far each newest window overlaps the one before it.",
     .at = at<&settings::sync, &sync::live, &live::overlap>},
    {.path = "sync.revisit",
     .type = kind::objects,
     .fallback = "[{younger_than: 2h, every: 1m}, {younger_than: 3d, every: 15m}, {younger_than: 30d, every: 6h}, "
                 "{younger_than: 180d, every: 7d}]",
     .help = "The API filters by creation time only, so ordersync finds changes of older orders by reading their "
             "windows again, younger ones more often. Orders older than the last tier are not read again.",
     .at = tiers},
    {.path = "sync.revisit[].younger_than",
     .type = kind::duration,
     .least = "1m",
     .most = "3650d",
     .required = true,
     .help = "Maximum age of the windows in this tier; each tier must reach further back than the one before it.",
     .at = in_tier<&revisit_tier::younger_than>},
    {.path = "sync.revisit[].every",
     .type = kind::duration,
     .least = "1s",
     .most = "365d",
     .required = true,
     .help = "How often they are read; not more often than the tier before it.",
     .at = in_tier<&revisit_tier::every>},

    {.path = "retention", .help = "How long personal data is kept. The orders themselves stay."},
    {.path = "retention.personal_data",
     .type = kind::duration,
     .least = "1d",
     .most = "36500d",
     .help = "Age of an order at which its receiver, warehouse address, payload and quarantined texts are erased; they "
             "are not stored again. Default: never.",
     .at = at<&settings::retention, &retention_settings::personal_data>},
    {.path = "retention.payloads",
     .type = kind::duration,
     .least = "1d",
     .most = "36500d",
     .help = "The same for order_payloads only. Erased payloads cannot be replayed. Default: never.",
     .at = at<&settings::retention, &retention_settings::payloads>},

    {.path = "service", .help = "The HTTP endpoint: status page, metrics and health."},
    {.path = "service.listen",
     .type = kind::listen_address,
     .fallback = "127.0.0.1:9188",
     .help = "Address of the status page, /metrics, /healthz and /readyz. They need no authentication: use a private "
             "address.",
     .at = at<&settings::service, &service_settings::listen>},
    {.path = "service.admin_token_file",
     .type = kind::secret_file,
     .help = "File with a token of at least 16 characters, or the name of a systemd credential. It allows starting, "
             "pausing and cancelling backfills on the status page. Default: the page is read-only.",
     .at = at<&settings::service, &service_settings::admin_token>},
    {.path = "service.admin_token", .type = kind::inline_secret, .help = "admin_token_file"},

    {.path = "log", .help = "Logs go to stderr."},
    {.path = "log.level",
     .type = kind::choice,
     .fallback = "info",
     .choices = {"trace", "debug", "info", "warning", "error"},
     .help = "The least severe level that is logged.",
     .at = at<&settings::log, &log_settings::level>},
    {.path = "log.format",
     .type = kind::choice,
     .fallback = "text",
     .choices = {"text", "json"},
     .help = "One line of text per event for people, or one JSON object per line for machines.",
     .at = at<&settings::log, &log_settings::format>},
};

}  // namespace

std::string_view key::leaf() const noexcept {
  return path.substr(path.rfind('.') + 1);
}

std::string_view key::parent() const noexcept {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::span<const key> keys() {
  return table;
}

std::vector<std::string_view> changed_keys(const settings& before, const settings& after) {
  std::vector<std::string_view> changed;
  for (const key& k : table) {
    if (k.at.same != nullptr && !k.at.same(before, after)) changed.push_back(k.path);
  }
  return changed;
}

std::vector<const key*> keys_below(std::string_view parent) {
  std::vector<const key*> below;
  for (const key& k : table) {
    if (k.parent() == parent) below.push_back(&k);
  }
  return below;
}

}  // namespace ordersync::config
