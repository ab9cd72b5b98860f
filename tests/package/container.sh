# A small Debian that boots in a container of systemd-nspawn. Sourced. Nothing of it outlives the script: call
# container_remove from a trap.
# shellcheck shell=bash

container_directory=
container_keeper= # the process of systemd-nspawn
container_init=   # its systemd, as this machine counts processes

# Without a systemd of this machine that would give the container its control group, it is put into one made here.
enter_own_control_group() {
  local root group
  for root in /sys/fs/cgroup/unified /sys/fs/cgroup/systemd /sys/fs/cgroup; do
    [ -f "$root/cgroup.procs" ] || continue
    group=$root/ordersync-test-$$
    if mkdir "$group"; then echo "$BASHPID" >"$group/cgroup.procs" || true; fi
  done 2>/dev/null
}

container_boot() { # TAR COMMAND...: COMMAND, given the directory, puts into it what is needed before it boots
  local tar=$1
  shift
  container_directory=$(mktemp -d /var/tmp/ordersync-container.XXXXXX)
  tar -C "$container_directory" --exclude='./dev/*' -xf "$tar"
  : >"$container_directory/etc/machine-id"
  "$@" "$container_directory"
  local options=(--boot --quiet --directory="$container_directory" --machine="ordersync-test-$$" --private-network
    --register=no --kill-signal=SIGRTMIN+3 --console=pipe)
  (
    if [ ! -d /run/systemd/system ]; then
      enter_own_control_group
      options+=(--keep-unit)
    fi
    exec systemd-nspawn "${options[@]}"
  ) </dev/null >"$container_directory.log" 2>&1 &
  container_keeper=$!
  container_wait_for_boot || skip "no container can start here: $(tail -n 3 "$container_directory.log")"
}

container_wait_for_boot() {
  local deadline=$((SECONDS + 60)) state
  while [ "$SECONDS" -lt "$deadline" ]; do
    kill -0 "$container_keeper" 2>/dev/null || return 1
    container_init=$(pgrep -P "$container_keeper" | head -n 1) || true
    if [ -n "$container_init" ]; then
      state=$(inside systemctl is-system-running 2>/dev/null) || true
      case $state in running | degraded) return 0 ;; esac
    fi
    sleep 0.1
  done
  return 1
}

inside() { # COMMAND...: as root in the container
  nsenter --target "$container_init" --mount --uts --ipc --net --pid --root --wd \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin LANG=C.UTF-8 HOME=/root "$@"
}

container_remove() {
  local waited=0
  if [ -n "$container_keeper" ]; then
    kill "$container_keeper" 2>/dev/null || true # asks the container to halt
    while kill -0 "$container_keeper" 2>/dev/null && [ $((waited++)) -lt 150 ]; do sleep 0.1; done
    if [ -n "$container_init" ]; then kill -KILL "$container_init" 2>/dev/null || true; fi
    wait "$container_keeper" 2>/dev/null || true
  fi
  find /sys/fs/cgroup/unified/ordersync-test-$$ /sys/fs/cgroup/systemd/ordersync-test-$$ \
    /sys/fs/cgroup/ordersync-test-$$ -depth -type d -exec rmdir {} + 2>/dev/null || true
  rmdir "/run/systemd/nspawn/propagate/ordersync-test-$$" 2>/dev/null || true
  if [ -n "$container_directory" ]; then rm -rf --one-file-system "$container_directory" "$container_directory.log"; fi
}
