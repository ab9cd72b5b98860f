#include "service/event_help.hpp"

#include <algorithm>

namespace ordersync::service {

namespace {
constexpr auto warning = core::severity::warning;
constexpr auto error = core::severity::error;
}  // namespace

const std::vector<event_help>& all_event_help() {
  static const std::vector<event_help> table{
      {"account_not_ready", error,
       "An account cannot be begun: its settings cannot be used, or the database refuses what it needs. The other "
       "accounts go on, and this one is tried again every 5 s.",
       "Read `reason`; `ordersync check` and `ordersync doctor` name the setting or the right that is missing."},
      {"account_scope_changed", warning,
       "The account asks the API for something else than before: another URL, path, key, user or list of users. What "
       "was proven for the former question proves nothing for this one, so its coverage begins anew.",
       "Nothing, if that was meant. If not, put the former settings back: their proof is still there."},
      {"api_date_wrong", warning,
       "The API's Date header is more than 600 s off this machine's clock (`ahead`), although it accepts requests that "
       "are signed by that clock, and it refuses those that are 600 s off. So the header is wrong, and is not "
       "believed; "
       "this machine's clock is used instead.",
       "Nothing, as far as this machine's clock is right (`timedatectl status`); report it to the vendor if it lasts."},
      {"api_limit_found", warning,
       "The API was found to allow less than it was asked for: `limit` and `value` say what, `reason` how it was "
       "found. "
       "From now on it is asked within that. What was proven in another way is taken back, see `proof_retracted`.",
       "Nothing; `ordersync status` and `ordersync doctor` show the limits. It is tried once a day whether one still "
       "holds. `api.limits` sets one by hand."},
      {"api_trial_failed", warning,
       "Before an account is read the API is tried: whether its filter holds, and how long ranges and how great counts "
       "it answers in full. That could not be done, and without it nothing is proven. It is tried again after 5 s.",
       "Read `failure` and `reason`, as for `request_retry`."},
      {"api_trial_incomplete", warning,
       "The API was tried, and something that proof rests on could not be shown. Windows are read and stored, and stay "
       "gaps with this reason. It is tried again every minute or so.",
       "Read `reason`: where it names `api.time_zone`, set that; where no order was ever shown, check `user_id` and "
       "`user_id_list`; else `ordersync doctor` looks closer."},
      {"audit_contradicts", warning,
       "What was proven was proven once more in another way (`way`), and that says otherwise: `found` by the API, "
       "`expected` by the mirror. The proof is taken back, the API is tried for the reason, and what fell is read "
       "again.",
       "Read the `api_limit_found` or `api_trial_incomplete` that follows. Where none does, orders of that range were "
       "listed late, or the API contradicts itself: ask the vendor if it comes again."},
      {"clock_skewed", warning,
       "This machine's clock is more than 60 s off that of the API, which refuses requests that are 600 s off. From "
       "540 s on it is an error.",
       "Set the clock and keep it set: `timedatectl status` tells whether NTP runs, `timedatectl set-ntp true` starts "
       "it."},
      {"database_clock_behind", warning,
       "The clock of PostgreSQL's machine is `behind` what is stored: it was set back, or ran ahead before. Reads are "
       "dated from the latest stored moment on, so that nothing is taken for older than what is there.",
       "Set the clock of PostgreSQL's machine right. Until it has caught up, ages in reports and `status` are off."},
      {"database_retry", warning,
       "A statement failed because the database is away, full, locked or restarting. The transaction is run again "
       "until "
       "it works; nothing is lost, and nothing is counted as stored before.",
       "Read `reason`. If it lasts, look at PostgreSQL: does it run, is its disk full, who holds a lock "
       "(`pg_stat_activity`)? `database_back` tells the end."},
      {"database_trouble", warning,
       "The daemon cannot look who leads, or cannot prepare the database: it is away, or refuses, or its schema is "
       "that of another version. It looks again every second and stands down meanwhile.",
       "Read `reason`. `ordersync doctor` connects as the daemon does and says what is missing."},
      {"database_waiting", warning,
       "PostgreSQL has not answered a statement for `lasted`, more than 10 s; `waits_for` says what that statement "
       "waits "
       "for. It goes on waiting, and says so again now and then.",
       "A synchronous standby: bring it back, or empty `synchronous_standby_names`. A lock: see what that process "
       "does, "
       "and end it with `pg_terminate_backend(process)`. The server itself: see its log and its disks."},
      {"endpoint_accept_failed", warning,
       "A connection to the endpoint could not be taken, for want of file descriptors or memory. The mirror goes on, "
       "and "
       "the endpoint takes connections again a second later.",
       "Read `reason`; see how many files the process has open, and what `LimitNOFILE=` of the unit allows."},
      {"endpoint_failed", error,
       "A page of the endpoint could not be made, and whoever asked for `path` was answered with 500. This is a defect "
       "of the program; the mirror goes on.",
       "Report it, with the lines before it."},
      {"endpoint_not_moved", error,
       "After a reload the endpoint cannot have its new address, so it stays at the old one.",
       "Read `reason`; set `service.listen` to an address of this host and a port that is free, and reload again."},
      {"leader_sessions_ended", warning,
       "A former leader still held sessions in the database after another daemon had taken over. They were ended, so "
       "that it cannot write late.",
       "Look at the former leader's machine: it hangs, or its network does. The mirror is in order."},
      {"leader_silent", warning, "The daemon that led has said nothing for six seconds, so this one takes over.",
       "Look at the other machine: it hangs, was suspended, or lost the network. The mirror is in order."},
      {"look_up_failed", warning,
       "An order that its window does not show any more could not be looked up by its number. It stays as it is; the "
       "next read of its window tries again.",
       "Nothing, unless it lasts: then read `reason`, and ask the vendor whether the filter `tbOrderId` works."},
      {"orders_missing_in_mass", error,
       "So many stored orders are not shown by their windows any more that the API most likely leaves them out. None "
       "is looked up or marked as vanished; the API is tried for the reason, such as lists that leave finished orders "
       "out. It is looked at again after ten minutes.",
       "See whether an `api_limit_found` follows: then they are read in another way. Else ask the vendor why orders "
       "that were listed are not listed any more, by age for example; `ordersync verify` names them."},
      {"orders_not_shown", warning,
       "The API knows these orders by number, but leaves them out of their windows. They are kept, and no change of "
       "theirs is seen while that lasts.",
       "Ask the vendor if it lasts; `ordersync verify` names the orders."},
      {"proof_retracted", warning,
       "What was called proven is not any more (`length` of creation time), because a trial or an audit (`way`) showed "
       "that the API does not answer in full what it was asked, or because the database refuses what was read (`way` "
       "is "
       "`refused`). The orders stay; their time is read again.",
       "Read `reason`; `window_not_stored` says more of what the database refuses. `ordersync status` shows when all "
       "of it is proven again."},
      {"reload_refused", error, "The new configuration or a secret cannot be used. The old settings stay in force.",
       "Fix what `reason` says and reload again; `ordersync check` looks at the file without touching the daemon."},
      {"request_retry", warning,
       "A request to the API failed and is sent again after `wait`. The daemon never gives up an API that is away; "
       "`api_back` tells the end.",
       "By `failure`: `unreachable` and `overloaded` pass, so wait; `refused`: check the access key, its secret, the "
       "user id and the clock; `untrusted`: check `api.base_url` and `api.ca_file`, or ask the vendor about the "
       "certificate. `ordersync doctor` tries all of it."},
      {"retention_failed", error, "Personal data of old orders could not be erased. It is tried again in ten minutes.",
       "Read `reason`; `ordersync retention` does it by hand."},
      {"revisit_behind", warning,
       "Orders of this age (`younger_than`) are read again less often than `sync.revisit` says: their oldest reading "
       "is older than one and a half times `every`. Changes of such orders arrive late.",
       "After a standstill wait for `revisit_caught_up`. If it lasts raise `sync.rate`, or let the tier be slower."},
      {"role_missing", warning,
       "A role for those who read the mirror is not there, and the daemon's role may not create it.",
       "An administrator creates it by the SQL that `advice` tells; then `ordersync migrate`, or a restart of the "
       "daemon, gives it its rights."},
      {"schema_drifted", warning,
       "The API served fields, or numbers of statuses, that the mirror has never seen before. The orders are stored "
       "all the same, and the payloads hold what is new.",
       "`ordersync status` names the fields. Upgrade to a version that knows them, then `ordersync replay` fills them "
       "in from the stored payloads."},
      {"sweep_stopped", warning,
       "A sweep ended early, because of the API or of the database. What it had proven is kept, and it is begun again "
       "after 5 s.",
       "Read `failure` and `reason`, as for `request_retry` and `window_not_stored`."},
      {"values_quarantined", warning,
       "Values, or whole orders, could not be stored as they came, and were put into quarantine with the reason. A "
       "value costs its order nothing else; an order whose id cannot be read leaves its window a gap.",
       "`ordersync quarantine list` tells where and why. Ask the vendor about broken values; after an update of "
       "ordersync `ordersync quarantine retry` reads them again."},
      {"window_gap", warning,
       "A window could not be proven: the API's counts do not agree with what it shows, or a reply could not be read. "
       "What was seen is stored, and the window stays a gap that is tried again, ever more rarely, up to once an "
       "hour.",
       "`ordersync coverage` lists the gaps with their reasons; see \"A gap will not close\"."},
      {"window_not_stored", error,
       "The database refused a window for good: a right, a constraint, a schema of another version. Nothing of the "
       "window was stored, and it is read again later.",
       "Read `reason`. `ordersync migrate --status` tells whether the schema is that of this version, "
       "`ordersync doctor` whether the role has its rights."},
      {"window_read_again", warning,
       "The counts of a window did not agree, or a page could not be read, so the window is read again. Orders that "
       "are "
       "created or deleted while its pages are read are the usual cause.",
       "Nothing, as long as no `window_gap` follows."},
  };
  return table;
}

const event_help* help_for(std::string_view event) noexcept {
  const auto& table = all_event_help();
  const auto found = std::ranges::find(table, event, &event_help::event);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace ordersync::service
