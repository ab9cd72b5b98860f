"""./dev bench large: ten million orders of three years through the real program, then what people wait for.

Python 3.11 or newer, the standard library, and on PYTHONPATH the folder above."""

import argparse
import contextlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys

import live
import load
import mirror as mirrors
import questions
import report
import stage
import upkeep

BYTES_AN_ORDER = 5500  # on disk, with room for WAL and the daemon's work
PARTS = ("load", "disk", "freshness", "vacuum", "shown", "questions", "moments", "counts", "column", "restart")


def read_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench large")
    parser.add_argument("--orders", type=int, default=10_000_000, help="default 10000000")
    parser.add_argument("--rate", type=int, default=100, help="sync.rate of the daemon, default 100")
    parser.add_argument("--minutes", type=float, default=5, help="of the daemon's work that is watched, default 5")
    parser.add_argument("--directory", type=pathlib.Path, default=pathlib.Path("/var/tmp"), metavar="DIR",
                        help="where a new directory is made that is removed at the end, default %(default)s")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="a new directory that is left for --reuse")
    parser.add_argument("--reuse", type=pathlib.Path, metavar="DIR", help="measure what --keep left, without loading")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,...", help="of %(default)s; load always runs")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE", help="the JSON")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="where ordersync and pandapon-sim were built")
    parser.add_argument("--commit", default="unknown")
    got = parser.parse_args()
    if got.orders < 10_000:
        parser.error("--orders must be at least 10000: with fewer, some months have none")
    if got.rate < 10 or got.minutes <= 0:
        parser.error("--rate must be at least 10, --minutes above 0")
    if got.keep and got.reuse:
        parser.error("--keep and --reuse exclude each other: --reuse keeps its directory")
    if not set(got.only.split(",")) <= set(PARTS):
        parser.error(f"--only: parts are {', '.join(PARTS)}")
    return got


def check_space(directory, orders):
    free, needed = shutil.disk_usage(directory).free, orders * BYTES_AN_ORDER
    if free < needed:
        raise RuntimeError(f"{directory} has {free / 1e9:.1f} GB free, {orders} orders need {needed / 1e9:.1f} GB; "
                           "choose another place with --directory, or fewer with --orders")


@contextlib.contextmanager
def chosen_mirror(args):
    if args.reuse:
        if not (args.reuse / "facts.json").exists():
            raise RuntimeError(f"{args.reuse} holds no mirror; make one with --keep {args.reuse}")
        yield mirrors.Mirror.kept(args.reuse.resolve(), args.build)
    elif args.keep:
        args.keep.mkdir(mode=0o755)
        check_space(args.keep, args.orders)
        yield mirrors.Mirror.fresh(args.keep.resolve(), args.build, args.orders)
    else:
        check_space(args.directory, args.orders)
        with stage.temporary_directory("large", args.directory.resolve()) as directory:
            yield mirrors.Mirror.fresh(directory, args.build, args.orders)


def measure(args, mirror, table):
    daemon = mirrors.Daemon(mirror)
    parts = {
        "load": lambda: load.load(mirror, table),
        "disk": lambda: load.disk(mirror, table),
        "freshness": lambda: live.freshness(mirror, daemon, table, args.minutes),
        "vacuum": lambda: upkeep.vacuum(mirror, table),
        "shown": lambda: live.shown(mirror, daemon, table),
        "questions": lambda: questions.ask(mirror, table),
        "moments": lambda: questions.moments(mirror, table),
        "counts": lambda: live.count_checks(mirror, daemon, table, 2 * args.minutes),
        "column": lambda: upkeep.new_column(mirror, daemon, table),
        "restart": lambda: upkeep.restart(daemon, table),
    }
    wanted = [part for part in PARTS if part in args.only.split(",") and part != "load"]
    mirror.simulator.post("/_freeze")
    try:
        for part in ([] if args.reuse else ["load"]) + wanted:
            print(f"measuring: {part}", file=sys.stderr)
            if part not in ("load", "disk") and daemon.process is None:
                live.start(mirror, daemon, args.rate)
            parts[part]()
    finally:
        daemon.stop()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    args = read_arguments()
    table = report.Table()
    with chosen_mirror(args) as mirror, stage.running(mirror.cluster, mirror.simulator):
        facts = report.circumstances(args, mirror)
        measure(args, mirror, table)
    found = {"circumstances": facts, "results": table.lines, "wrong": table.wrong}
    args.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    report.show_facts(facts)
    table.show()
    print(f"\nalso written to {args.out}", file=sys.stderr)
    if table.wrong:
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"bench large: {error}")
