#include "service/event_help.hpp"

#include <algorithm>

namespace ordersync::service {

namespace {
constexpr auto warning = core::severity::warning;
constexpr auto error = core::severity::error;
}  // namespace

const std::vector<event_help>& all_event_help() {
  static const std::vector<event_help> table{
      {"account_lost", warning,
       "This daemon owned the account, and the database gave it to another one because this one had been silent: its "
       "process was paused, or its machine or network slow. It ends its work for the account; what it had under way is "
       "refused by the database and done by the new owner.",
       "Check this machine if it happens again: it hangs, was suspended, or lost the network. The mirror is intact."},
      {"account_not_ready", error,
       "ordersync cannot start an account: its settings are invalid, or the database refuses a statement. The other "
       "accounts continue, and this one is retried every 5 s.",
       "Read `reason`; `ordersync check` and `ordersync doctor` name the setting or the privilege."},
      {"account_scope_changed", warning,
       "The scope of the account changed: another URL, path, time zone, key, user or list of users. Proof for the "
       "former scope "
       "says nothing about the new one, so its coverage starts anew.",
       "Nothing, if you intended it. Otherwise restore the former settings: their coverage is still stored."},
      {"alert_failed", warning,
       "A message about the mirror did not reach a webhook of `alerts`, after `tries` tries. While it is still true it "
       "is sent again in a quarter of an hour.",
       "Read `reason`; `webhook` is the file with the URL. `ordersync alerts test` tries it at once."},
      {"api_date_wrong", warning,
       "The API's Date header is more than 600 s off this machine's clock (`ahead`), yet the API accepts requests "
       "signed with this clock, and it refuses requests that are 600 s off. So the header is wrong; ordersync ignores "
       "it and uses this machine's clock.",
       "Nothing, if this machine's clock is correct (`timedatectl status`); report it to the vendor if it persists."},
      {"api_limit_found", warning,
       "A test found a limit of the API: `limit` and `value` say which, `reason` how it was found. From now on "
       "requests stay within it. Proof that depended on more is retracted, see `proof_retracted`.",
       "Nothing; `ordersync status` and `ordersync doctor` show the limits. ordersync tests once a day whether they "
       "still hold. `api.limits` overrides them."},
      {"api_trial_failed", warning,
       "Before ordersync reads an account it tests the API: whether the time filter works, and which ranges and counts "
       "the API answers in full. The test failed, and without it nothing is proven. It is repeated after 5 s.",
       "Read `failure` and `reason`, as for `request_retry`."},
      {"api_trial_incomplete", warning,
       "The test of the API did not confirm everything that proof depends on. Windows are read and stored, but stay "
       "gaps with this reason. The test is repeated about every minute.",
       "Read `reason`: if it names `api.time_zone`, set that; if the API never returned an order, check `user_id` and "
       "`user_id_list`; otherwise run `ordersync doctor`."},
      {"audit_contradicts", warning,
       "An audit checked a proven window by another method (`way`) and contradicts it: the API has `found`, the mirror "
       "`expected`. The proof is retracted, the API is tested for the cause, and the affected windows are read again.",
       "Read the `api_limit_found` or `api_trial_incomplete` that follows. If none follows, the API listed orders of "
       "that range late, or contradicts itself: ask the vendor if it happens again."},
      {"clock_skewed", warning,
       "This machine's clock is more than 60 s off the API's, and the API refuses requests that are 600 s off. From "
       "540 s on this is logged as an error.",
       "Synchronize the clock: `timedatectl status` shows whether NTP runs, `timedatectl set-ntp true` starts it."},
      {"counts_corrected", warning,
       "The mirror keeps counts of its orders (table `order_counts`), which `ordersync status`, the status page and "
       "checks by counts use. Those of `rows` days and statuses differed from the orders; `ordersync verify` has "
       "counted "
       "the orders again and corrected them. Nothing else was wrong, and nothing was lost.",
       "If somebody has changed or deleted rows of schema `ordersync` by SQL, nothing. If nobody has, it is a defect "
       "of "
       "ordersync: report it with this line."},
      {"counts_unusable", warning,
       "Checks by counts (`sync.recheck`) are off for this account, because the API's counts by status contradict its "
       "other replies. Changes of older orders are found by `sync.revisit` alone, so later. The counts are tried again "
       "every hour.",
       "Read `reason`; ask the vendor. Meanwhile shorter intervals in `sync.revisit` find changes sooner."},
      {"database_clock_behind", warning,
       "The clock of PostgreSQL's machine is `behind` the latest stored time: it was set back, or was ahead before. "
       "ordersync dates what it reads from the latest stored time on, so that nothing new looks older than what is "
       "stored.",
       "Correct the clock of PostgreSQL's machine. Until it has caught up, ages in reports and `status` are wrong."},
      {"database_retry", warning,
       "A statement failed because the database is unreachable, full, locked or restarting. ordersync repeats the "
       "transaction until it succeeds; nothing is lost, and nothing counts as stored before.",
       "Read `reason`. If it persists, check PostgreSQL: does it run, is its disk full, who holds a lock "
       "(`pg_stat_activity`)? `database_back` reports the end."},
      {"database_trouble", warning,
       "The daemon cannot read which daemon leads, or cannot prepare the database: the database is unreachable, "
       "refuses, or has the schema of another version. The daemon retries every second and does not lead meanwhile.",
       "Read `reason`. `ordersync doctor` connects as the daemon does and names what is missing."},
      {"database_waiting", warning,
       "PostgreSQL has not answered a statement for `lasted` (more than 10 s); `waits_for` says what the statement "
       "waits for. ordersync keeps waiting and logs this again from time to time.",
       "Synchronous standby: reconnect it, or clear `synchronous_standby_names`. Lock: find out what that process "
       "does, and end it with `pg_terminate_backend(process)`. The server itself: check its log and its disks."},
      {"detail_not_read", warning,
       "The detail of one order could not be read, or the database refuses it. The order's row, payments and parcels "
       "stay as they were last read. It is read again after a minute, then later each time, up to a day; other orders "
       "are read meanwhile.",
       "Read `failure` and `reason`. `ordersync status` shows how many fail; `ordersync order refresh NUMBER` reads "
       "one "
       "now. If it persists, ask the vendor."},
      {"details_not_read", warning,
       "Several orders in a row could not be read in the same way, or the database refuses: the API does not answer "
       "these calls at present. Nothing is lost: what is due stays due. Reading rests for 5 s, later each time, up to "
       "a "
       "minute, and begins again with other orders. The orders themselves are read independently.",
       "Read `failure` and `reason`, as for `request_retry`."},
      {"details_refused", warning,
       "The API accepts the account's credentials, but not for order details (or, where `reason` begins with refunds, "
       "for what it says of refunds). Reading them rests and is tried once an hour; orders are mirrored as before. "
       "Logged once.",
       "Ask the vendor to permit `details.path` and `details.refund_path` for the access key, or set `details.enabled` "
       "to false. `details_permitted` says when it works."},
      {"endpoint_accept_failed", warning,
       "The endpoint could not accept a connection, for lack of file descriptors or memory. The mirror continues, and "
       "the endpoint accepts connections again a second later.",
       "Read `reason`; check how many files the process has open, and `LimitNOFILE=` of the unit."},
      {"endpoint_failed", error,
       "The endpoint could not build a page and answered the request for `path` with 500. This is a bug in ordersync; "
       "the mirror continues.",
       "Report it, with the log lines before it."},
      {"endpoint_full", warning,
       "As many connections are open as `setting` serves. Each new one ends the one that has been idle for longest; "
       "where none is idle, it is answered with 503. Logged once a minute at most.",
       "Find out who holds so many: `ss -tnp`. A proxy in front of it should reuse its connections."},
      {"endpoint_not_moved", error,
       "After a reload the endpoint cannot listen on its new address, so it stays at the old one.",
       "Read `reason`; set `service.listen` to an address of this host and a free port, and reload again."},
      {"leader_sessions_ended", warning,
       "A former leader still had sessions in the database after another daemon had taken over. ordersync ended them, "
       "so "
       "that it cannot write late.",
       "Check the former leader's machine: it hangs, or its network does. The mirror is intact."},
      {"leader_silent", warning, "The leading daemon has not reported for six seconds, so this one takes over.",
       "Check the other machine: it hangs, was suspended, or lost the network. The mirror is intact."},
      {"look_up_failed", warning,
       "A window no longer contains an order, and ordersync could not look it up by its number. The order stays "
       "unchanged; the next read of its window tries again.",
       "Nothing, unless it persists: then read `reason`, and ask the vendor whether the filter `tbOrderId` works."},
      {"orders_missing_in_mass", error,
       "So many stored orders are missing from their windows at once that the API most likely leaves them out. None is "
       "looked up or marked as vanished; ordersync tests the API for the cause, such as lists without finished orders. "
       "It checks again after ten minutes.",
       "If an `api_limit_found` follows, ordersync reads them in another way. Otherwise ask the vendor why orders "
       "listed before are no longer listed, by age for example; `ordersync verify` names them."},
      {"orders_not_shown", warning,
       "The API finds these orders by number, but leaves them out of their windows. They are kept, but the mirror does "
       "not see their changes meanwhile.",
       "Ask the vendor if it persists; `ordersync verify` names the orders."},
      {"proof_retracted", warning,
       "Proven coverage was retracted (`length` of creation time), because a test of the API or an audit (`way`) "
       "showed that the API does not answer in full, or because the database refuses the orders read (`way` is "
       "`refused`). The orders stay; their windows are read again.",
       "Read `reason`; `window_not_stored` says more about what the database refuses. `ordersync status` shows when "
       "all of it is proven again."},
      {"pruning_failed", warning,
       "Rows of the table `sweeps` that are not needed any more could not be deleted. ordersync retries in ten "
       "minutes; "
       "until then the table grows.",
       "Read `reason`; `ordersync doctor` checks the database and the privileges."},
      {"push_look_up_failed", warning,
       "The API did not answer a request for orders that push messages named. The messages wait in the database, and "
       "the orders are requested again after 5 s. An order whose request fails while others succeed is requested less "
       "and less often; after six times it is left to its window.",
       "Read `failure` and `reason`, as for `request_retry`."},
      {"push_not_moved", error,
       "After a reload the new `push.listen` cannot be used. The listener stays at its old address, if it can: see "
       "`advice`.",
       "Read `reason`; set `push.listen` to an address of this host and a free port, and reload again."},
      {"push_not_read", warning,
       "The database refuses what reading push messages of the account takes. The messages wait; their orders are read "
       "by their windows.",
       "Read `reason`; `ordersync doctor` and `ordersync migrate --status` tell whether rights or migrations are "
       "missing."},
      {"push_not_stored", warning,
       "Push messages could not be stored: the database does not answer, or refuses. Their senders get 503 and send "
       "them again after half an hour; what does not come again is found by the windows.",
       "Read `reason`, as for `database_retry`."},
      {"push_signature_refused", warning,
       "A push message about an order was signed with none of the configured accounts' secrets, or not at all. It was "
       "answered with 401 and had no effect. Logged once a minute; `ordersync_push_refused_total` counts all.",
       "If messages of yours are missing (`ordersync status`), compare the access secret in the vendor's console with "
       "that of the account, and make sure that the proxy passes the `Authorization` header and does not change the "
       "body. Otherwise somebody else sends requests to the address."},
      {"refund_not_read", warning,
       "What the API says of a refund that an order's detail names could not be read. The detail itself is stored, and "
       "what was known of the refund stays, and both are read again after a minute, then later each time, up to a "
       "day.",
       "Read `failure` and `reason`. `ordersync order refresh NUMBER` reads it again."},
      {"reload_refused", error, "The new configuration or a secret is invalid. The old settings stay in force.",
       "Fix what `reason` names and reload again; `ordersync check` checks the file without affecting the daemon."},
      {"request_retry", warning,
       "A request to the API failed and is sent again after `wait`. The daemon never stops retrying; `api_back` "
       "reports the end.",
       "By `failure`: `unreachable` and `overloaded` usually pass, so wait; `refused`: check the access key, its "
       "secret, the user id and the clock; `untrusted`: check `api.base_url` and `api.ca_file`, or ask the vendor "
       "about the certificate. `ordersync doctor` checks all of it."},
      {"retention_failed", error, "Personal data of old orders could not be erased. ordersync retries in ten minutes.",
       "Read `reason`; `ordersync retention` erases it now."},
      {"revisit_behind", warning,
       "Orders of this age (`younger_than`) are refreshed less often than `sync.revisit` says: the oldest read is "
       "older than one and a half times `every`. Changes of such orders arrive late.",
       "After an outage wait for `revisit_caught_up`. If it persists, raise `sync.rate` or the tier's `every`."},
      {"role_missing", warning, "A role for readers of the mirror is missing, and the daemon's role may not create it.",
       "An administrator creates it with the SQL in `advice`; then `ordersync migrate`, or a restart of the daemon, "
       "grants it its privileges."},
      {"schema_drifted", warning,
       "The API returned fields or status numbers that ordersync does not know. The orders are stored, and the "
       "payloads contain what is new.",
       "`ordersync status` names the fields. Upgrade to a version that knows them, then run `ordersync replay` to fill "
       "them in from the stored payloads."},
      {"sweep_stopped", warning,
       "A sweep ended early, because of the API or the database. What it had proven is kept, and it starts again after "
       "5 s.",
       "Read `failure` and `reason`, as for `request_retry` and `window_not_stored`."},
      {"values_quarantined", warning,
       "Malformed values, or whole orders, could not be stored and were put into quarantine with the reason. A bad "
       "value costs its order nothing else; an order with an unreadable id leaves its window a gap.",
       "`ordersync quarantine list` shows where and why, by kind. Ask the vendor about broken values; after an upgrade "
       "of ordersync run `ordersync quarantine retry`. If nothing can be done about a kind, `ordersync quarantine "
       "accept --path PATH --reason TEXT` ends this warning for it."},
      {"window_gap", warning,
       "A window could not be proven: the API's counts do not match the orders it returned, or a reply was unreadable. "
       "The orders read are stored, and the window stays a gap that is retried, less and less often, at least once an "
       "hour.",
       "`ordersync coverage` lists the gaps with their reasons; see \"A gap will not close\"."},
      {"window_not_stored", error,
       "The database permanently refused a window: a privilege, a constraint, a schema of another version. Nothing of "
       "the window was stored, and it is read again later.",
       "Read `reason`. `ordersync migrate --status` shows whether the schema fits this version, `ordersync doctor` "
       "whether the role has its privileges."},
      {"window_read_again", warning,
       "The counts of a window did not match, or a page was unreadable, so the window is read again. The usual cause "
       "is that orders were created or deleted while its pages were read.",
       "Nothing, unless a `window_gap` follows."},
      {"worker_sessions_ended", warning,
       "A daemon that has been silent left a transaction open that kept its account, or the rate, from the others. "
       "ordersync ended its sessions.",
       "Check that daemon's machine: it hangs, or its network does. The mirror is intact."},
  };
  return table;
}

const event_help* help_for(std::string_view event) noexcept {
  const auto& table = all_event_help();
  const auto found = std::ranges::find(table, event, &event_help::event);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace ordersync::service
