#!/usr/bin/env bash
# Lintian and systemd find nothing in the package, and the service is closed as far as it should be.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
package=$(the_package)
need lintian systemd-analyze man

found=$(lintian --tag-display-limit 0 "$package" 2>&1) || fail "lintian: $found"
! grep -qE '^[EW]:' <<<"$found" || fail "lintian: $found"

# Unpacked beside the system's own programs and units, so that nothing has to be installed to be seen.
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
dpkg-deb -x "$package" "$root"
unit=$root/usr/lib/systemd/system/ordersync.service
sed -i "s|^\(Exec[A-Z][a-z]*\)=/usr|\1=$root/usr|" "$unit"
said=$(MANPATH=$root/usr/share/man: systemd-analyze verify "$unit" 2>&1) || fail "systemd-analyze verify: $said"
[ -z "$said" ] || fail "systemd-analyze verify: $said"

exposure=$(systemd-analyze security --offline=true --no-pager "$source_tree/systemd/ordersync.service" |
  sed -nE 's/.*Overall exposure level for .*: ([0-9.]+) .*/\1/p')
echo "exposure by systemd-analyze security: $exposure"
awk -v exposure="$exposure" 'BEGIN {exit !(exposure != "" && exposure <= 1.5)}' || fail "exposure $exposure is over 1.5"
