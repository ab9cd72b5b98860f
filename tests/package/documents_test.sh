#!/usr/bin/env bash
# The manual pages and the completion say what the program says of itself.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need man
documents=$build/packaging
export LC_ALL=C.UTF-8 MANWIDTH=100

for page in ordersync.1 ordersync.yaml.5; do
  said=$(man --warnings -l "$documents/$page" 2>&1 >/dev/null)
  [ -z "$said" ] || fail "man --warnings: $said"
done

shown=$(man -l "$documents/ordersync.1" | col -bx)
verbs=$("$build/ordersync" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
[ -n "$verbs" ] || fail "--help lists no verbs"
for verb in $verbs; do
  grep -qE "^ +$verb\$" <<<"$shown" || fail "ordersync(1) lacks the verb $verb"
done

shown=$(man -l "$documents/ordersync.yaml.5" | col -bx)
while read -r key; do
  grep -qF "       $key" <<<"$shown" || fail "ordersync.yaml(5) lacks the key $key"
done < <("$build/ordersync" config-reference --json | grep -oE '"key":"[^"]*"' | cut -d '"' -f 4)

# shellcheck source=/dev/null
. "$documents/ordersync.bash"
completed() { # WORD... the last one is being typed
  COMP_WORDS=(ordersync "$@")
  COMP_CWORD=$#
  _ordersync
  echo "${COMPREPLY[*]}"
}
expect() { # WHAT WORD...
  local wanted=$1
  shift
  [ "$(completed "$@")" = "$wanted" ] || fail "completion of '$*' is '$(completed "$@")' instead of '$wanted'"
}
expect "coverage" cove
expect "create" backfill cr
expect "--account" --config x backfill create --from 2024-05-07 --a
expect "" backfill create --from 20
(cd "$source_tree" && expect "README.md" --config READ)
