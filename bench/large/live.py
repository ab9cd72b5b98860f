"""The daemon at work: new orders, changes, and a full revisit that never ends. What people wait for meanwhile."""

import statistics
import subprocess
import time

import stage

# Everything is always due again, so full revisits follow each other; the rest is as by default.
ALWAYS_DUE = "  rate: {rate}\n  revisit:\n    - {{younger_than: 1200d, every: 1m}}\n"
PERSON_WAITS = 1.0  # seconds
SHOWN = 10


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def start(mirror, daemon, rate):
    mirror.configure(ALWAYS_DUE.format(rate=rate))
    daemon.start()
    mirror.simulator.post("/_thaw")


def freshness(mirror, daemon, table, minutes):
    """Age of complete_through as /metrics has it, each second of that time after it was caught up with."""
    wait_for_live(daemon)
    before, began = mirror.simulator.requests(), time.monotonic()
    orders = daemon.metrics().get("ordersync_orders_total", 0)
    ages = []
    while (passed := time.monotonic() - began) < minutes * 60:
        through = daemon.metrics().get("ordersync_complete_through_timestamp_seconds")
        ages.append(time.time() - through if through else float("inf"))
        time.sleep(max(0, 1 - (time.monotonic() - began - passed)))
    read = daemon.metrics().get("ordersync_orders_total", 0) - orders
    table.add("daemon: live freshness while all is read again, p50", percentile(ages, 0.5), "s")
    table.add("  p99", percentile(ages, 0.99), "s", 30)
    table.add("  worst", max(ages), "s")
    table.add("  requests a second", (mirror.simulator.requests() - before - 1) / passed, "calls/s")
    table.add("  orders read a second", read / passed, "orders/s")
    table.add("  resident memory at the end", daemon.resident_mib(), "MiB", 96)


def wait_for_live(daemon):
    """The orders of the time between the load and now are there."""
    for _ in range(stage.START_TIMEOUT * 5):
        through = daemon.metrics().get("ordersync_complete_through_timestamp_seconds")
        if through and time.time() - through < 60:
            return
        time.sleep(1)
    raise RuntimeError(f"the daemon does not catch up; {daemon.last_words()}")


def count_checks(mirror, daemon, table, minutes):
    """How often the window is checked that is checked least often: the length of a round."""
    for _ in range(int(minutes * 60)):
        found = daemon.metrics()
        if "ordersync_recheck_period_seconds" in found:
            break
        time.sleep(1)
    else:
        table.add("count check round: not ended; windows", found.get("ordersync_recheck_windows", 0), "windows")
        return
    table.add("count check round", found["ordersync_recheck_period_seconds"], "s")
    table.add("  windows", found.get("ordersync_recheck_windows", 0), "windows")
    if "ordersync_recheck_age_seconds" in found:  # each window was checked once without a difference
        table.add("  oldest check that left no difference", found["ordersync_recheck_age_seconds"], "s")
    table.add("  open orders below 180 days", float(mirror.one(
        "SELECT count(*) FROM ordersync.orders WHERE order_status BETWEEN 1 AND 4 AND "
        "created_at > now() - interval '180 days'")), "orders")


def timed(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def add_times(table, what, actions):
    times = [timed(action) for action in actions]
    table.add(f"{what}, median of {len(times)}", statistics.median(times), "s")
    table.add("  worst", max(times), "s", PERSON_WAITS)


def shown(mirror, daemon, table):
    add_times(table, "ordersync status", [lambda: mirror.run("status")] * SHOWN)
    add_times(table, "/api/status of the page", [lambda: daemon.get("/api/status")] * SHOWN)
    numbers = mirror.rows(f"""SELECT id FROM ordersync.orders TABLESAMPLE SYSTEM (1) LIMIT {SHOWN}""") or \
        mirror.rows(f"SELECT id FROM ordersync.orders LIMIT {SHOWN}")
    names = mirror.rows(f"SELECT tb_order_id FROM ordersync.orders WHERE id IN ({','.join(numbers)}) "
                        "AND tb_order_id ~ '^[0-9]+$'")
    add_times(table, "ordersync order show, by id and 1688's number",
              [lambda number=number: mirror.run("order", "show", number) for number in numbers + names])
    add_times(table, "/api/order of the page",
              [lambda number=number: daemon.get(f"/api/order?number={number}") for number in numbers])
