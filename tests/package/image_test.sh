#!/usr/bin/env bash
# The image in a real container: as a user who may nothing, on a file system that nobody can write, with secrets that all
# can read, beside a private PostgreSQL and the simulator's image. Needs docker or podman that can start containers.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/package/engine.sh
. "$(dirname "${BASH_SOURCE[0]}")/engine.sh"

need mmdebstrap openssl dpkg-deb strip
package=$(the_package)
secret=canary-access-secret-0123456789ab password=canary-database-password
postgres=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
postgres=${postgres%/initdb}
[ -n "$postgres" ] || skip "there is no PostgreSQL here; ./dev deps installs it"

work=$(mktemp -d /var/tmp/ordersync-image.XXXXXX)
chmod 755 "$work"
trap report_and_remove EXIT

# --- helpers ---------------------------------------------------------------------------------------------------------

step() { printf '== %3d s: %s\n' "$SECONDS" "$*"; }

report_and_remove() {
  local status=$?
  if [ $status -ne 0 ] && [ $status -ne 77 ]; then engine logs "$daemon" 2>&1 | tail -n 40 || true; fi
  engine_remove
  if [ -e "$work/pg/data/postmaster.pid" ]; then as_postgres "$postgres/pg_ctl" -D "$work/pg/data" -m immediate -s stop || true; fi
  rm -rf --one-file-system "$work"
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

free_port() {
  local port
  while read -r port; do
    if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done < <(shuf -i 20000-30000 -n 20)
}

as_postgres() { # its programs refuse to run as root
  if [ "$EUID" -eq 0 ]; then setpriv --reuid postgres --regid postgres --init-groups env -C / "$@"; else env -C / "$@"; fi
}

sql() { PGPASSWORD=$password "$postgres/psql" -XAtqc "$1" "postgresql://ordersync@127.0.0.1:$database_port/ordersync"; }
orders() { sql 'SELECT count(*) FROM ordersync.orders'; }
holds_secret() { grep -a -e "$secret" -e "$password" >/dev/null; }
shown_of_image() { engine image inspect --format "$1" "$image"; }
ordersync() { engine exec "$daemon" /usr/bin/ordersync "$@"; }

# --- what it needs ---------------------------------------------------------------------------------------------------

makes_images() {
  local names
  names=$("$source_tree/scripts/image" --engine "$engine" --base "$base" --tag "test-$$" --package "$package" \
    --simulator "$build/pandapon-sim" 2>"$work/image.log") || fail "scripts/image: $(cat "$work/image.log")"
  images+=" $names"
  image=ordersync:test-$$
}

prepares_files() {
  # A certificate of its own signs itself: it is the trust anchor, too.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
  mkdir "$work/secrets"
  echo "$secret" >"$work/secrets/main"
  echo "$password" >"$work/secrets/database-password"
  chmod 444 "$work"/secrets/* "$work"/*.pem
}

starts_database() {
  if [ ! -d "$work/pg" ]; then
    mkdir "$work/pg"
    if [ "$EUID" -eq 0 ]; then chown postgres:postgres "$work/pg"; fi
    as_postgres "$postgres/initdb" -D "$work/pg/data" -U ordersync --auth=scram-sha-256 --pwfile="$work/secrets/database-password" \
      --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$work/initdb.log" 2>&1 || fail "initdb: $(cat "$work/initdb.log")"
  fi
  as_postgres "$postgres/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -s -w \
    -o "-c listen_addresses=127.0.0.1 -c port=$database_port -c unix_socket_directories='' -c fsync=off" start
  PGPASSWORD=$password "$postgres/createdb" -h 127.0.0.1 -p "$database_port" -U ordersync ordersync
}

starts_simulator() {
  start_container "$simulator" -v "$work/cert.pem:/etc/cert.pem:ro" -v "$work/key.pem:/etc/key.pem:ro" -v "$work/secrets:/run/secrets:ro" \
    "pandapon-sim:test-$$" --listen "127.0.0.1:$api_port" --tls-cert /etc/cert.pem --tls-key /etc/key.pem \
    --access-key key-of-main --access-secret-file /run/secrets/main --orders 200 --from "$(date -u -d '-2 days' +%F)" \
    --to "$(date -u +%F)"
  wait_for 60 "the simulator to listen" simulator_listens
}
simulator_listens() { engine logs "$simulator" 2>&1 | grep 'listening on'; }

# --- what is tested --------------------------------------------------------------------------------------------------

is_small_and_closed() {
  local size user said
  size=$(shown_of_image '{{.Size}}')
  echo "the image has $((size >> 20)) MiB"
  [ "$size" -le $((120 << 20)) ] || fail "the image has $((size >> 20)) MiB, more than 120"
  user=$(shown_of_image '{{.Config.User}}')
  [ "$user" = 65532:65532 ] || fail "it runs as '$user'"
  [ "$(shown_of_image '{{index .Config.Labels "org.opencontainers.image.version"}}')" = "$(dpkg-deb -f "$package" Version | cut -d - -f 1)" ] ||
    fail "its label is not the package's version"
  said=$(shown_of_image '{{json .}}' | tr -d ' \n')
  [[ $said == *'["CMD","/usr/bin/ordersync","health"]'* ]] || fail "it has no health check"
  [[ $said == *ORDERSYNC_SERVICE__LISTEN=0.0.0.0:9188* ]] || fail "its page cannot be reached from outside"
  said=$(engine run --rm --network host "${run_options[@]}" --user 0 --entrypoint /usr/bin/find "$image" / -xdev -type f -perm /6000)
  [ -z "$said" ] || fail "these programs give privileges: $said"
}

starts_without_database() {
  local began
  began=$(date +%s%N)
  start_container "$daemon" -v "$work/cert.pem:/etc/ordersync/ca.pem:ro" -v "$work/secrets:/run/secrets:ro" \
    -e ORDERSYNC_API__BASE_URL="https://localhost:$api_port" -e ORDERSYNC_API__CA_FILE=/etc/ordersync/ca.pem \
    -e ORDERSYNC_ACCOUNTS='[{name: main, access_key: key-of-main, user_id: "2100007341207", access_secret_file: /run/secrets/main}]' \
    -e ORDERSYNC_DATABASE__URL="postgresql://ordersync@127.0.0.1:$database_port/ordersync" \
    -e ORDERSYNC_DATABASE__PASSWORD_FILE=/run/secrets/database-password \
    -e ORDERSYNC_SYNC__START="$(date -u -d '-3 days' +%F)" -e ORDERSYNC_SYNC__RATE=100 \
    -e ORDERSYNC_SERVICE__LISTEN="0.0.0.0:$page_port" "$image"
  wait_for 60 "/healthz without a database" ordersync health
  echo "healthy $((($(date +%s%N) - began) / 1000000)) ms after it was started, without a database"
  ! ordersync health --ready >"$work/ready" || fail "it calls itself ready without a database"
  grep -qi database "$work/ready" || fail "it does not say that the database is away: $(cat "$work/ready")"
}

mirrors() {
  wait_for 90 "it to be ready" ordersync health --ready
  wait_for 90 "everything to be proven" ordersync coverage
  [ "$(orders)" = 200 ] || fail "there are $(orders) orders instead of 200"
  ordersync health || fail "it is not healthy"
}

writes_nothing() {
  local changed # places for mounts are made where there were none
  changed=$(engine diff "$daemon" | grep -vE '^[ACD] (/run|/run/secrets|/etc|/etc/ordersync|/etc/ordersync/ca.pem|/dev|/proc|/sys|/etc/(mtab|hosts|hostname|resolv.conf))$') || true
  [ -z "$changed" ] || fail "it changed its file system: $changed"
  ! engine exec "$daemon" /bin/sh -c ': >/tmp/x || : >/var/x' 2>/dev/null || fail "its file system can be written"
}

restarts() {
  engine restart "$daemon" >/dev/null
  wait_for 90 "it to be ready again" ordersync health --ready
  [ "$(orders)" = 200 ] || fail "there are $(orders) orders after the restart"
}

stops_soon() {
  local began took code
  began=$(date +%s%N)
  engine stop "$daemon" >/dev/null
  took=$((($(date +%s%N) - began) / 1000000))
  echo "stopped in $took ms"
  [ $took -lt 5000 ] || fail "stopping took $took ms"
  code=$(engine inspect --format '{{.State.ExitCode}}' "$daemon")
  [ "$code" = 0 ] || fail "it ended with $code: $(engine logs "$daemon" 2>&1 | tail -n 5)"
  ! engine logs "$daemon" 2>&1 | holds_secret || fail "the log holds a secret"
}

# --- all of it -------------------------------------------------------------------------------------------------------

daemon=ordersync-test-$$ simulator=pandapon-sim-test-$$ base=localhost/ordersync-test-base:$$ images=$base
step "looking for what can start a container"
find_engine "$work" "$("$source_tree/dev" debian-tree --slim)" "$base"
step "makes_images"
makes_images
database_port=$(free_port) api_port=$(free_port) page_port=$(free_port)
for one in prepares_files is_small_and_closed starts_simulator starts_without_database starts_database mirrors writes_nothing restarts stops_soon; do
  step "$one"
  $one
done
step "done"
