# Docker or podman, whichever can start a container here. Sourced; call engine_remove from a trap. Podman gets a storage of its
# own, so that nothing of it outlives the script.
# shellcheck shell=bash

engine=        # docker or podman
run_options=() # with which a container starts here
global_options=()
engine_work=

find_engine() { # DIRECTORY BASE.tar NAME: makes an image NAME of BASE.tar, and tries whether it starts
  engine_work=$1
  if docker info >/dev/null 2>&1; then
    engine=docker
  elif command -v podman >/dev/null; then
    engine=podman
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$1/storage" "$1/storage-run" >"$1/storage.conf"
    export CONTAINERS_STORAGE_CONF=$1/storage.conf
    podman info >/dev/null 2>&1 || sed -i 's/overlay/vfs/' "$1/storage.conf"
  else
    skip "there is neither docker nor podman here"
  fi
  engine import "$2" "$3" >/dev/null 2>"$1/import.log" || skip "$engine does not work here: $(tail -n 1 "$1/import.log")"
  find_run_options "$3"
}

engine() { "$engine" "${global_options[@]}" "$@"; }

# Machines that are containers themselves may not raise limits, or have control groups that only runc knows.
find_run_options() { # IMAGE
  local limits='--ulimit nofile=1024:1024 --ulimit nproc=1000:1000' runtime options said
  while IFS='|' read -r runtime options; do
    read -ra run_options <<<"$options"
    read -ra global_options <<<"$runtime"
    if said=$(engine run --rm --network host "${run_options[@]}" "$1" /bin/true 2>&1); then return; fi
    if [ "$engine" = docker ]; then break; fi
  done <<TEXT
|
|$limits
--runtime runc|$limits
|$limits --cgroups=disabled
TEXT
  skip "no container can start here: $said"
}

start_container() { # NAME OPTION... IMAGE ARGUMENT...
  local name=$1 closed=(--read-only --cap-drop=ALL --security-opt=no-new-privileges)
  shift
  if [ "$engine" = podman ]; then closed+=(--read-only-tmpfs=false); fi
  engine run --detach --name "$name" --network host "${closed[@]}" "${run_options[@]}" "$@" >/dev/null
}

engine_remove() {
  [ -n "$engine" ] || return 0
  # shellcheck disable=SC2154 # the script's
  engine rm --force "$daemon" "$simulator" >/dev/null 2>&1 || true
  # shellcheck disable=SC2086 # names hold no spaces
  if [ -n "$images" ]; then engine rmi --force $images >/dev/null 2>&1 || true; fi
  if [ "$engine" = podman ]; then
    umount "$engine_work/storage/overlay" 2>/dev/null || true
  fi
}
