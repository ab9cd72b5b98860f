#!/usr/bin/env bash
# make-secrets: it asks until there is an access secret, keeps what is there, and leaves the terminal as it was.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need openssl python3
make=$source_tree/packaging/container/make-secrets
secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT

if said=$(printf '\n' | "$make" "$secrets" 2>&1); then fail "an empty access secret was taken"; fi
[[ $said == *"the access secret is empty"* ]] || fail "an empty access secret: $said"
[ ! -e "$secrets/main" ] || fail "an empty access secret was written"
password=$(cat "$secrets/database-password")
printf 'without the end of its line' | "$make" "$secrets" >/dev/null 2>&1 || fail "a last line without its end"
[ "$(cat "$secrets/main")" = "without the end of its line" ] || fail "the access secret: $(cat "$secrets/main")"
"$make" --demo "$secrets" >/dev/null || fail "again"
[ "$(cat "$secrets/main")" = "without the end of its line" ] || fail "an access secret that was there did not stay"
[ "$(cat "$secrets/database-password")" = "$password" ] || fail "a password that was there did not stay"
for name in main database-password; do
  rm "$secrets/$name"
  echo >"$secrets/$name"
done
"$make" --demo "$secrets" >/dev/null || fail "with empty secrets"
for name in main database-password; do [ -n "$(cat "$secrets/$name")" ] || fail "$name stayed empty"; done
[ "$(stat -c %a "$secrets/main")" = 444 ] || fail "the mode of main: $(stat -c %a "$secrets/main")"

rm "$secrets/main"
python3 -B "$source_tree/tests/package/secrets.py" "$make" "$secrets" || fail "at a terminal, see above"
[ "$(cat "$secrets/main")" = typed ] || fail "what was typed: $(cat "$secrets/main")"
