# What the tests of the package share. Sourced by them, with: BUILD DIRECTORY, the latter for the package that
# build_test.sh makes.
# shellcheck shell=bash
set -euo pipefail

# shellcheck disable=SC2034 # for who sources this
{
  source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  build=$1 made=$2
}

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

skip() {
  printf 'skipped: %s\n' "$*" >&2
  exit 77
}

need() { # PROGRAM...
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || skip "there is no $program here; ./dev deps package installs it"
  done
}

the_package() { # the file that build_test.sh made
  local files=("$made"/ordersync_*.deb)
  if [ ${#files[@]} -ne 1 ] || [ ! -f "${files[0]}" ]; then skip "there is no package in $made; package_build makes it"; fi
  echo "${files[0]}"
}
