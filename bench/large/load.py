"""All orders into an empty mirror by `ordersync sync`; whether all are there; what they take on disk."""

import datetime
import subprocess
import sys

import mirror as mirrors
import stage

PAGE_SIZE = 50
SAMPLED_DAYS = 12
MOST_CALLS = 1.15  # of the full pages, as the end-to-end tests allow
MOST_MIB = 96  # as ./dev bench
STORED = """SELECT o.id, o.order_status, (SELECT count(*) FROM ordersync.order_items i WHERE i.order_id = o.id)
            FROM ordersync.orders o WHERE o.created_at >= '{day}T00:00+08:00' AND o.created_at < '{next}T00:00+08:00'"""


def run_sync(mirror):
    """Exit code 6 is good: the oddities of the simulated orders leave values in quarantine."""
    result = mirror.directory / "meter"
    with open(mirror.directory / "sync.log", "wb") as log:
        process = subprocess.Popen(stage.metered(mirror.build, result, mirror.command("sync")), stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, env=stage.environment())
    try:
        while process.poll() is None:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                print(f"  {mirror.simulator.stats()['orders_served']} orders served", file=sys.stderr)
    finally:
        process.kill()
        process.wait()
    if process.returncode not in mirrors.GOOD:
        said = (mirror.directory / "sync.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"ordersync sync ended with exit code {process.returncode}: {said[-1500:]}")
    return stage.cost(result)


def simulator_cpu(mirror):
    return sum(stage.stat_of(mirror.simulator.process.pid)[11:13]) / stage.TICKS


def load(mirror, table):
    mirror.cluster.sql("postgres", f"CREATE DATABASE {mirrors.DATABASE} OWNER ordersync")
    mirror.configure("  rate: 100000\n")
    mirror.run("migrate")
    before, postgres, simulator = mirror.simulator.requests(), mirror.cluster.cpu_seconds(), simulator_cpu(mirror)
    wall, cpu, peak = run_sync(mirror)
    orders = mirror.facts["orders"]
    table.add("load: ordersync sync, wall", wall, "s")
    table.add("  orders a second", orders / wall, "orders/s")
    table.add("  CPU of ordersync", cpu, "s")
    table.add("  CPU of PostgreSQL", mirror.cluster.cpu_seconds() - postgres, "s")
    table.add("  CPU of the simulator", simulator_cpu(mirror) - simulator, "s")
    table.add("  peak resident memory of ordersync", peak, "MiB", MOST_MIB)
    calls = mirror.simulator.requests() - before - int(wall // 60)
    table.add("  calls", calls, "calls")
    table.add("  calls to full pages of all orders", calls / (orders / PAGE_SIZE), "times", MOST_CALLS)
    mirror.remember(loaded_at=mirror.one("SELECT now()"))
    check(mirror, table)


def check(mirror, table):
    """All are there in number and proven, and those of some days, spread over the range, are as the truth has them."""
    stored, orders = int(mirror.one("SELECT count(*) FROM ordersync.orders")), mirror.facts["orders"]
    table.add("  rows that are missing or too many", abs(stored - orders), "orders", 0)
    begin, end = mirror.facts["begin"], mirror.facts["end"]
    proven = mirror.rows(f"SELECT proven @> tstzrange('{begin}T00:00+08:00', '{end}') FROM ordersync.coverage")
    if stored != orders or proven != ["t"]:
        table.fail(f"{stored} of {orders} orders are stored; all creation times proven: {proven == ['t']}")
    wrong = 0
    for number in range(SAMPLED_DAYS):
        day = datetime.date.fromisoformat(begin) + datetime.timedelta(
            days=(2 * number + 1) * mirrors.YEARS_DAYS // (2 * SAMPLED_DAYS))
        days = {"day": day, "next": day + datetime.timedelta(days=1)}
        truth = mirror.simulator.truth("?from={day}&to={next}".format(**days))
        wrong += stage.differences(mirror.rows(STORED.format(**days)), truth)
    table.add(f"  orders of {SAMPLED_DAYS} days that differ from the truth", wrong, "orders", 0)
    if wrong:
        table.fail(f"{wrong} orders of {SAMPLED_DAYS} days differ from the truth")


def disk(mirror, table):
    size = int(mirror.one(f"SELECT pg_database_size('{mirrors.DATABASE}')"))
    table.add("disk: the database", size / 1e9, "GB")
    table.add("  a million orders", size / 1e3 / mirror.facts["orders"], "GB")
    for line in mirror.rows("""SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
                               WHERE relkind IN ('r', 'p') AND relnamespace = 'ordersync'::regnamespace
                                 AND pg_total_relation_size(oid) > 1000000
                               ORDER BY pg_total_relation_size(oid) DESC"""):
        name, rows, indexes = line.split("|")
        table.add(f"  {name}, rows", int(rows) / 1e9, "GB")
        table.add(f"  {name}, indexes", int(indexes) / 1e9, "GB")
