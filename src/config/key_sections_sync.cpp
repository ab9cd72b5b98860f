// What is read, and how often.

#include "config/key_sections.hpp"
#include "config/places.hpp"

namespace ordersync::config {
namespace {

using places::at;
using places::in_tier;

using sync = sync_settings;
using live = live_settings;
using recheck = recheck_settings;
using details = detail_settings;

// What a word of a list means.
std::vector<detail_state> one_of(detail_state state) {
  return {state};
}

}  // namespace

std::vector<key> sync_keys() {
  return {
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
       .fallback = "10000",
       .least = "1",
       .most = "100000",
       .help = "A window with more orders is split. Of each window being read, 1000 orders at most are kept in memory.",
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
       .at = places::tiers},
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
      {.path = "sync.recheck",
       .help =
           "Checks by counts: how many orders of a window have each status is asked of the API, which takes a few "
           "requests however many orders there are. Where it differs from the mirror, what changed is looked for and "
           "read. What no count shows (a price, a refund, an address) is left to sync.revisit."},
      {.path = "sync.recheck.younger_than",
       .type = kind::duration,
       .fallback = "180d",
       .least = "1h",
       .most = "3650d",
       .help = "Orders younger than this are checked.",
       .at = at<&settings::sync, &sync::recheck, &recheck::younger_than>},
      {.path = "sync.recheck.every",
       .type = kind::duration,
       .fallback = "1m",
       .least = "5s",
       .most = "30d",
       .help =
           "How often each of them is checked. Where the share does not allow that, it takes longer, and `ordersync "
           "status` says how long.",
       .at = at<&settings::sync, &sync::recheck, &recheck::every>},
      {.path = "sync.recheck.share",
       .type = kind::number,
       .fallback = "0.3",
       .least = "0",
       .most = "0.9",
       .help = "Share of the rate that the checks, and reading what they find, may use; 0: no checks.",
       .at = at<&settings::sync, &sync::recheck, &recheck::share>},
  };
}

std::vector<key> detail_keys() {
  return {
      {.path = "details",
       .help =
           "The API's detail of each order: when it was paid, sent and received, its payments, parcels and refunds. "
           "The order list has none of that."},
      {.path = "details.enabled",
       .type = kind::choice,
       .fallback = "false",
       .choices = {{"false", std::int64_t{0}}, {"true", std::int64_t{1}}},
       .help =
           "Read them. The vendor may have to permit these calls for the access key first; `ordersync doctor` tries "
           "it. Details of orders that changed before it was switched on are read by `ordersync backfill create "
           "--details`.",
       .at = at<&settings::details, &details::enabled>},
      {.path = "details.path",
       .type = kind::url_path,
       .fallback = "/alibaba/order/detail",
       .help = "Path of the order detail.",
       .at = at<&settings::details, &details::path>},
      {.path = "details.refund_path",
       .type = kind::url_path,
       .fallback = "/alibaba/refund/info",
       .help = "Path of what the API says of one refund.",
       .at = at<&settings::details, &details::refund_path>},
      {.path = "details.on",
       .type = kind::choices,
       .fallback = "[paid, shipped, received, finished, refund, closed]",
       .choices = {{"unpaid", one_of(detail_state::unpaid)},
                   {"paid", one_of(detail_state::paid)},
                   {"shipped", one_of(detail_state::shipped)},
                   {"received", one_of(detail_state::received)},
                   {"finished", one_of(detail_state::finished)},
                   {"refund", one_of(detail_state::refund)},
                   {"closed", one_of(detail_state::closed)}},
       .help = "An order's detail is read when the order enters one of these states; `refund` is any change of its "
               "refund. A detail takes a request, and each refund that it names another. `unpaid`, which is not in the "
               "default, is an order that awaits payment: add it to know until when each can be paid, for one more "
               "request an order.",
       .at = at<&settings::details, &details::on>},
      {.path = "details.share",
       .type = kind::number,
       .fallback = "0.2",
       .least = "0.001",
       .most = "1",
       .help = "Share of the rate that reading details may use. New orders and changes go first.",
       .at = at<&settings::details, &details::share>},
      {.path = "details.younger_than",
       .type = kind::duration,
       .fallback = "180d",
       .least = "1h",
       .most = "3650d",
       .help = "Details of orders older than this are read only when they are asked for.",
       .at = at<&settings::details, &details::younger_than>},
  };
}

}  // namespace ordersync::config
