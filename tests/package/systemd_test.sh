#!/usr/bin/env bash
# The package in a real systemd: a small Debian boots in a container, with PostgreSQL and the simulator of the vendor's
# API in it and no network but its own. Needs root; the tree is kept in ~/.cache/ordersync for the next time.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/package/container.sh
. "$(dirname "${BASH_SOURCE[0]}")/container.sh"

[ "$EUID" -eq 0 ] || skip "booting a container needs root"
need systemd-nspawn mmdebstrap nsenter openssl dpkg-deb pgrep
mountpoint -q /sys/fs/cgroup || skip "no container can start here: there are no control groups"
package=$(the_package)
secret=canary-access-secret-0123456789ab password=canary-database-password

# --- helpers ---------------------------------------------------------------------------------------------------------

step() { printf '== %3d s: %s\n' "$SECONDS" "$*"; }

report_and_remove() {
  local status=$?
  if [ $status -ne 0 ] && [ $status -ne 77 ] && [ -n "$container_init" ]; then
    inside systemctl --no-pager status ordersync || true
    inside journalctl --no-pager --lines 60 || true
  fi
  container_remove
  return $status
}

wait_for() { # SECONDS WHAT COMMAND...
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || fail "waited in vain for this: $what"
    sleep 0.1
  done
}

shown() { inside systemctl show --value --property "$1" ordersync; }
is_active() { [ "$(inside systemctl is-active ordersync)" = active ]; }
journal_has() { inside journalctl --no-pager --unit ordersync | grep "$1" >/dev/null; } # -q would end journalctl by SIGPIPE
sql() { inside runuser -u postgres -- psql -XAtqc "$1" ordersync; }
orders() { sql 'SELECT count(*) FROM ordersync.orders'; }
has_another_process_than() { is_active && [ "$(shown MainPID)" != "$1" ] && [ "$(shown NRestarts)" -ge 1 ]; }
more_orders_than() { [ "$(orders)" -gt "$1" ]; }

# Nobody but the daemon, and no file that it leaves, may hold a secret.
holds_secret() { grep -a -e "$secret" -e "$password" >/dev/null; }

# --- what is in the container before it boots ------------------------------------------------------------------------

furnish() { # DIRECTORY
  local root=$1
  cp "$package" "$root/root/ordersync.deb"
  cp "$build/pandapon-sim" "$root/usr/local/bin/"
  # A certificate of its own signs itself: it is the trust anchor, too.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$root/root/key.pem" -out "$root/root/cert.pem" 2>/dev/null
  (umask 077 && echo "$secret" >"$root/root/secret")
}

depended_on() { # the packages that the package needs, the first of each alternative
  dpkg-deb -f "$package" Depends | tr ',' '\n' | sed -E 's/^ *([a-z0-9.+-]+).*/\1/'
}

# The same version once more, under a higher number.
newer_package() {
  local unpacked
  unpacked=$(mktemp -d)
  dpkg-deb -R "$package" "$unpacked"
  sed -i 's/^Version: .*/&+1/' "$unpacked/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$unpacked" "$container_directory/root/newer.deb" >/dev/null
  rm -rf "$unpacked"
}

# --- the steps -------------------------------------------------------------------------------------------------------

install_it() { # FILE; there is nothing to read answers from
  inside env DEBIAN_FRONTEND=readline apt-get -qq -y -o Dpkg::Use-Pty=0 install "$1" </dev/null >/dev/null
}

installs_but_does_not_start() {
  install_it /root/ordersync.deb
  [ "$(inside systemctl is-enabled ordersync)" = enabled ] || fail "the unit is not enabled"
  inside systemctl start ordersync || fail "starting the unconfigured unit is a failure, but should be passed over"
  [ "$(shown ActiveState)" = inactive ] || fail "the unconfigured unit is $(shown ActiveState)"
  [ "$(inside stat -c '%a %U' /etc/ordersync/secrets)" = "700 root" ] || fail "others can look into the secrets"
  local said
  said=$(inside systemd-analyze --man=no verify ordersync.service 2>&1) || true
  [ -z "$said" ] || fail "systemd-analyze verify: $said"
}

starts_world() {
  inside systemctl start postgresql
  local command # those of the README
  while read -r command; do
    # shellcheck disable=SC2086 # the words of a command
    inside runuser -u postgres -- $command </dev/null || fail "the README's command fails: $command"
  done < <(sed -nE 's/^    sudo -u postgres (create(user|db) [^#]*).*/\1/p' "$source_tree/README.md")
  inside systemd-run --quiet --unit=simulator --description="stand-in of the API" \
    /usr/local/bin/pandapon-sim --listen 127.0.0.1:8443 --tls-cert /root/cert.pem --tls-key /root/key.pem \
    --access-key key-of-main --access-secret-file /root/secret --orders 200 \
    --from "$(date -u -d '-2 days' +%F)" --to "$(date -u +%F)" --live 5
  inside install -m 644 /root/cert.pem /etc/ordersync/ca.pem
}

configures() {
  cat >"$container_directory/etc/ordersync/ordersync.yaml" <<TEXT
api: {base_url: "https://localhost:8443", ca_file: ca.pem}
accounts:
  - {name: main, access_key: key-of-main, user_id: "2100007341207"}
database: {url: "postgresql://ordersync@/ordersync", password_file: database-password}
sync: {start: $(date -u -d '-3 days' +%F), rate: 100, live: {every: 1s, settle: 1s}}
log:
  level: info
TEXT
  inside install -m 600 /root/secret /etc/ordersync/secrets/main
  (umask 077 && echo "$password" >"$container_directory/etc/ordersync/secrets/database-password")
}

is_ready_when_started() {
  inside timeout 60 systemctl start ordersync || fail "it does not start"
  is_active || fail "it is $(inside systemctl is-active ordersync) after a start that returned"
  [ -n "$(shown StatusText)" ] || fail "it reports no status"
  ! journal_has role_missing || fail "the README's first setup ends with a warning"
  [ "$(shown NRestarts)" = 0 ] || fail "it was started more than once"
  grep -q multi-user.target <<<"$(shown After)" || fail "the machine's start waits for the daemon"
}

keeps_secrets() {
  local credentials=/run/credentials/ordersync.service file pid
  inside test -s $credentials/ordersync_main || fail "there is no credential"
  for file in $credentials/ordersync_main /etc/ordersync/secrets/main; do
    ! inside runuser -u nobody -- cat "$file" 2>/dev/null || fail "nobody can read $file"
  done
  ! inside runuser -u ordersync -- cat /etc/ordersync/secrets/main 2>/dev/null || fail "the daemon's user reads the file"
  pid=$(shown MainPID)
  ! inside cat "/proc/$pid/environ" "/proc/$pid/cmdline" | holds_secret || fail "environment or arguments hold a secret"
  inside grep -qE '^CapEff:\s0+$' "/proc/$pid/status" || fail "it has capabilities"
}

runs_commands_of_root() {
  local verb
  for verb in check status "order show 1"; do
    # shellcheck disable=SC2086 # the words of a command
    inside ordersync $verb >"$container_directory.out" 2>&1 || [ $? = 6 ] || fail "root's $verb: $(cat "$container_directory.out")"
  done
  rm -f "$container_directory.out"
}

# As the images of LXC do it.
recognises_reset_credentials() {
  local service_d=/run/systemd/system/service.d
  inside mkdir -p $service_d
  printf '[Service]\nLoadCredential=\n' >"$container_directory.drop-in"
  inside tee $service_d/zzz-lxc-service.conf <"$container_directory.drop-in" >/dev/null
  rm -f "$container_directory.drop-in"
  inside systemctl daemon-reload
  ! inside systemctl restart ordersync 2>/dev/null || fail "it starts without credentials"
  wait_for 10 "the log of what is wrong" journal_has 'accounts\[0\].access_secret_file: .*zzz-lxc-service.conf'
  inside rm -r $service_d
  inside systemctl daemon-reload
  inside systemctl start ordersync
}

runs_other_verbs_as_its_user() { # as ordersync(1) says
  inside systemd-run --quiet --pipe --wait --collect -p DynamicUser=yes -p User=ordersync \
    -p LoadCredential=ordersync:/etc/ordersync/secrets ordersync check || fail "check as the daemon's user fails"
}

reloads() {
  inside sed -i 's/level: info/level: debug/' /etc/ordersync/ordersync.yaml
  inside systemctl reload ordersync || fail "it does not reload"
  wait_for 10 "the log of the reload" journal_has 'reloaded.*log.level'
  wait_for 10 "a line at the new level" journal_has ' debug '
  inside sed -i 's/level: debug/level: loud/' /etc/ordersync/ordersync.yaml
  ! inside systemctl reload ordersync 2>/dev/null || fail "reloading a bad file does not fail"
  wait_for 10 "the log of what is wrong" journal_has 'log.level: "loud" is not one of'
  is_active || fail "a bad file ended it"
  inside sed -i 's/level: loud/level: info/' /etc/ordersync/ordersync.yaml
  inside systemctl reload ordersync
  wait_for 10 "it to be itself again" is_active
}

drop_in=/run/systemd/system/ordersync.service.d

is_watched_every() { # SECONDS
  inside mkdir -p $drop_in
  printf '[Service]\nWatchdogSec=%ss\n' "$1" >"$container_directory.drop-in"
  inside tee $drop_in/test.conf <"$container_directory.drop-in" >/dev/null
  rm -f "$container_directory.drop-in"
  inside systemctl daemon-reload
  inside systemctl restart ordersync
}

# With the unit's own WatchdogSec: TEST_OUTAGE=300.
outlasts_an_outage() {
  local outage=${TEST_OUTAGE:-20} pid before locker
  is_watched_every $((outage / 5))
  wait_for 30 "orders before the outage" more_orders_than "$(orders)"
  pid=$(shown MainPID) before=$(orders)
  sql 'BEGIN; LOCK TABLE ordersync.orders; SELECT pg_sleep(60)' >/dev/null 2>&1 & # so that a commit is in hand
  locker=$!
  wait_for 10 "a commit to wait" a_commit_waits
  inside systemctl stop postgresql
  wait $locker || true
  sleep "$outage"
  inside systemctl start postgresql
  wait_for 60 "orders after the outage" more_orders_than "$before"
  [ "$(shown MainPID) $(shown NRestarts)" = "$pid 0" ] || fail "it was restarted because the database was away"
}
a_commit_waits() { [ "$(sql "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ordersync.orders'::regclass")" -gt 0 ]; }

restarts_when_it_hangs() {
  local pid before
  is_watched_every 5
  pid=$(shown MainPID) before=$(orders)
  inside sh -c "kill -STOP $pid"
  wait_for 30 "the watchdog" has_another_process_than "$pid"
  journal_has 'Watchdog timeout' || fail "something else than the watchdog ended it"
  wait_for 30 "orders after the restart" more_orders_than "$before"
  inside rm -r $drop_in
  inside systemctl daemon-reload
}

upgrades() {
  newer_package
  install_it /root/newer.deb
  inside dpkg-query -W ordersync | grep -qF "$(dpkg-deb -f "$package" Version)+1" || fail "no upgrade"
  wait_for 60 "it to run after the upgrade" is_active
  inside grep -q key-of-main /etc/ordersync/ordersync.yaml || fail "the upgrade lost the configuration"
}

fails_where_it_can_be_seen() { # a configuration that cannot be used
  inside sed -i 's/level: info/level: loud/' /etc/ordersync/ordersync.yaml
  ! inside systemctl restart ordersync 2>/dev/null || fail "it starts with a configuration that cannot be used"
  [ "$(shown ActiveState) $(shown ExecMainStatus)" = "failed 2" ] || fail "it is $(shown ActiveState)"
  inside sed -i 's/level: loud/level: info/' /etc/ordersync/ordersync.yaml
  inside systemctl start ordersync
}

stops_soon() {
  local began
  began=$(date +%s%N)
  inside systemctl stop ordersync
  local took=$((($(date +%s%N) - began) / 1000000))
  echo "stopped in $took ms"
  [ $took -lt 5000 ] || fail "stopping took $took ms"
  [ "$(shown Result)" = success ] || fail "it ended with $(shown Result)"
}

purges() {
  inside systemctl start ordersync # a running one, too
  inside env DEBIAN_FRONTEND=readline apt-get -qq -y -o Dpkg::Use-Pty=0 purge ordersync </dev/null >/dev/null
  ! inside sh -c 'grep -qsx ordersync /proc/[0-9]*/comm' || fail "it still runs"
  local left
  left=$(find "$container_directory" -mindepth 1 -xdev -name '*ordersync*' -not -path '*/root/*' -not -path '*/var/log/*')
  left+=$(inside find /run /tmp -name '*ordersync*')
  [ -z "$left" ] || fail "a purge leaves: $left"
  [ "$(orders)" -gt 0 ] || fail "a purge took the mirror along"
}

# --- all of it -------------------------------------------------------------------------------------------------------

trap report_and_remove EXIT
# shellcheck disable=SC2046 # package names hold no spaces
tar=$("$source_tree/dev" debian-tree systemd systemd-sysv dbus libnss-systemd postgresql $(depended_on))
step "booting"
container_boot "$tar" furnish
for one in installs_but_does_not_start starts_world configures is_ready_when_started keeps_secrets; do
  step "$one"
  $one
done
step "orders arrive"
wait_for 60 "the first orders" more_orders_than 0
wait_for 60 "later orders" more_orders_than "$(orders)"
for one in runs_other_verbs_as_its_user runs_commands_of_root reloads outlasts_an_outage restarts_when_it_hangs upgrades fails_where_it_can_be_seen recognises_reset_credentials stops_soon; do
  step "$one"
  $one
done
step "the journal holds no secret"
! inside journalctl --no-pager --output export | holds_secret || fail "the journal holds a secret"
step purges
purges
step "done"
