"""What an administrator waits for, with the daemon running: vacuum, a new column, a daemon that died."""

import statistics

import mirror as mirrors

ROUNDS = 5
# A standby waits that long before it takes over.
MOST_SECONDS_TO_LEAD = 10
MOST_MS_OF_WAITING = 1000
MIGRATION = ("BEGIN", "LOCK TABLE ordersync.orders IN ACCESS EXCLUSIVE MODE",
             "ALTER TABLE ordersync.orders ADD COLUMN bench_note text NOT NULL DEFAULT 'none'", "COMMIT")


def vacuum(mirror, table):
    """As autovacuum would have done it after a while; the slowest tables have lines of their own."""
    names = mirror.rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'ordersync'::regnamespace")
    times = mirror.milliseconds(*(f"VACUUM (ANALYZE) ordersync.{name}" for name in names), role="postgres")
    table.add("VACUUM (ANALYZE) of all tables", sum(times) / 1000, "s")
    for time, name in sorted(zip(times, names), reverse=True)[:5]:
        table.add(f"  {name}", time / 1000, "s")


def new_column(mirror, daemon, table):
    """What a migration does. Writers queue from the request of the lock to the commit."""
    waits, holds = [], []
    for _ in range(ROUNDS):
        _, lock, alter, commit = mirror.milliseconds(*MIGRATION, role="postgres")
        mirror.rows("ALTER TABLE ordersync.orders DROP COLUMN bench_note")
        waits.append(lock)
        holds.append(alter + commit)
    table.add(f"a column with a default more, median of {ROUNDS}", statistics.median(holds), "ms")
    table.add("  until its lock was there, worst", max(waits), "ms")
    table.add("  writes and readers waited, at most", max(wait + hold for wait, hold in zip(waits, holds)), "ms",
              MOST_MS_OF_WAITING)
    if not daemon.ready():
        table.fail("the daemon is not ready after a column was added")


def restart(daemon, table):
    times = []
    for _ in range(ROUNDS):
        daemon.stop(kill=True)
        times.append(daemon.start())
    table.add(f"kill -9 and start, until it leads, median of {ROUNDS}", statistics.median(times), "s")
    table.add("  worst", max(times), "s", MOST_SECONDS_TO_LEAD)
