#!/usr/bin/env bash
# The manual pages and the completion say what the program says of itself, and the documents in the package find each
# other there.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need man zsh fish
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
expect "auto always never" --color ""
expect "csv xlsx-csv ndjson" export orders --format ""
expect "month day" export orders --split ""
expect "orders" export or
for words in "orders --format nosuch|csv, xlsx-csv, ndjson" "orders --format csv --split nosuch|month, day" \
  "nosuch --format csv|orders, items, payments, shipments"; do
  # shellcheck disable=SC2086 # words
  said=$("$build/ordersync" export ${words%|*} 2>&1) && fail "export takes nosuch: $words"
  grep -q "is none of: ${words#*|}$" <<<"$said" || fail "export takes other words than the completion offers: $words"
done
expect "coverage" help cove
expect "create" help backfill cr
(cd "$source_tree" && expect "README.md" --config READ)

# zsh completes in an editor alone: what it would offer is printed.
completed_by_zsh() { # WORD... the last one is being typed
  # shellcheck disable=SC2016 # for zsh
  zsh -f -c '_describe() { print -l -- ${(P)${@[-1]}} }; _files() { print files }
    file=$1; shift; words=(ordersync "$@"); CURRENT=$#words; . $file' zsh "$documents/ordersync.zsh" "$@" | grep -E "^${*: -1}" | cut -d : -f 1 | tr '\n' ' '
}
completed_by_fish() {
  fish --no-config -c "source '$documents/ordersync.fish'; complete -C 'ordersync $*'" | cut -f 1 | tr '\n' ' '
}
for shell in zsh fish; do
  while IFS='|' read -r wanted words; do
    # shellcheck disable=SC2086 # words
    shown=$(completed_by_$shell $words)
    [ "$shown" = "$wanted " ] || fail "$shell completes '$words' to '$shown' instead of '$wanted'"
  done <<'TEXT'
coverage|cove
create|backfill cr
--account|--config x backfill create --from 2024-05-07 --ac
always|--color al
ndjson|export orders --format nd
month|export orders --split mo
shipments|export sh
coverage|help cove
create|help backfill cr
TEXT
done

package=$(the_package)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
dpkg-deb -x "$package" "$root"

anchors_of() { # FILE.md: what its headings are linked by, as GitHub makes it
  # shellcheck disable=SC2016 # backquotes of Markdown
  sed -e '/^```/,/^```$/d' "$1" | sed -n 's/^##* //p' | tr '[:upper:]' '[:lower:]' | sed -e 's/[^[:alnum:] _-]//g' -e 's/ /-/g'
}

# The last alert names the event that it counts; tests/house holds that each error has its section.
count=0
while read -r runbook; do
  file=${runbook%%#*}
  [ -f "$root$file" ] || fail "an alert names $runbook, and the package has no $file"
  if [[ $runbook == *'#'* && $runbook != *'{{'* ]]; then
    anchors_of "$root$file" | grep -qFx -- "${runbook#*#}" || fail "an alert names $runbook, and $file has no such heading"
  fi
  count=$((count + 1))
done < <(sed -n 's/^ *runbook: *//p' "$root/usr/share/doc/ordersync/docs/prometheus/alerts.yml")
[ "$count" -ge 10 ] || fail "only $count alerts of the package name a section of the manual"

while IFS=: read -r document link; do
  target=$(dirname "$document")/${link%%#*}
  [ -e "$target" ] || fail "${document#"$root"} links to $link, which the package does not have"
done < <(grep -oE '\]\([^)]+\)' "$root"/usr/share/doc/ordersync/docs/*.md | sed -e 's/\](//' -e 's/)$//' |
  grep -vE '^[^:]+:(https?:|#)' | grep -vE ':\.\./(CONTRIBUTING|CHANGELOG)\.md')
