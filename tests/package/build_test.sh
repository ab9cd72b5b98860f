#!/usr/bin/env bash
# The package can be made of this build, and holds what it should.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need cpack dpkg-deb dpkg-shlibdeps file

rm -rf "$made"
mkdir -p "$made"
umask 022
cpack -G DEB --config "$build/CPackConfig.cmake" -B "$made" >"$made/log" || fail "cpack: $(cat "$made/log")"
package=$(the_package)
version=$("$build/ordersync" --version | sed -n '1s/^ordersync //p')
[ "$(dpkg-deb -f "$package" Version)" = "$version-1" ] || fail "the package's version is not the program's, $version"

contents=$(dpkg-deb -c "$package")
while read -r mode path; do
  grep -qE "^$mode root/root .* \./$path(\$| )" <<<"$contents" || fail "no $mode $path owned by root in: $contents"
done <<'TEXT'
-rwxr-xr-x usr/bin/ordersync
-rw-r--r-- usr/share/ordersync/migrations/0001[^/]*\.sql
-rw-r--r-- etc/ordersync/ordersync.yaml
drwx------ etc/ordersync/secrets/
-rw-r--r-- usr/lib/systemd/system/ordersync.service
-rw-r--r-- usr/share/man/man1/ordersync.1.gz
-rw-r--r-- usr/share/man/man5/ordersync.yaml.5.gz
-rw-r--r-- usr/share/bash-completion/completions/ordersync
-rw-r--r-- usr/share/zsh/vendor-completions/_ordersync
-rw-r--r-- usr/share/fish/vendor_completions.d/ordersync.fish
-rw-r--r-- usr/share/doc/ordersync/copyright
-rw-r--r-- usr/share/doc/ordersync/changelog.Debian.gz
-rw-r--r-- usr/share/doc/ordersync/README.md
-rw-r--r-- usr/share/doc/ordersync/ordersync.yaml
-rw-r--r-- usr/share/doc/ordersync/docs/operations.md
-rw-r--r-- usr/share/doc/ordersync/docs/schema.md
-rw-r--r-- usr/share/doc/ordersync/docs/queries.md
-rw-r--r-- usr/share/doc/ordersync/docs/prometheus/alerts.yml
-rw-r--r-- usr/share/doc/ordersync/docs/grafana/ordersync.json
TEXT
[ "$(dpkg-deb -I "$package" conffiles)" = /etc/ordersync/ordersync.yaml ] || fail "the configuration is no conffile"
dpkg-deb -f "$package" Depends | grep libpq5 | grep -q libpqxx- || fail "the libraries are not among what it depends on"
[ "$(wc -l < <(ls "$source_tree"/migrations/*.sql))" = "$(grep -c 'migrations/.*\.sql$' <<<"$contents")" ] ||
  fail "not every migration is in the package"
