"""./dev bench peers: ordersync beside what people would use instead, on one simulator and one PostgreSQL in one run.

The tools take turns within each round, so that other load on the machine affects all of them equally. Python 3.11 or
newer; the driver itself needs the standard library alone, and on PYTHONPATH the folder above."""

import argparse
import datetime
import json
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time

import report
import stage
import tools

COUNTED = ("wall_s", "cpu_s", "peak_mib", "postgres_cpu_s", "calls")


def read_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench peers")
    parser.add_argument("--orders", type=int, default=20_000, help="default 20000")
    parser.add_argument("--latency", type=int, default=0, metavar="MS", help="of each reply of the API, default 0")
    parser.add_argument("--runs", type=int, default=3, metavar="K", help="rounds, default 3; medians are shown")
    parser.add_argument("--only", default=",".join(tool.name for tool in tools.TOOLS), metavar="NAME,...",
                        help="of %(default)s")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE", help="the JSON")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="where ordersync and pandapon-sim were built")
    parser.add_argument("--python", type=pathlib.Path, help="of the virtual environment with requirements.txt")
    parser.add_argument("--commit", default="unknown")
    got = parser.parse_args()
    if min(got.orders, got.runs) < 1 or got.latency < 0:
        parser.error("--orders and --runs must be at least 1, --latency at least 0")
    names = {tool.name for tool in tools.TOOLS}
    if not set(got.only.split(",")) <= names:
        parser.error(f"--only: names are {', '.join(sorted(names))}")
    return got


def start_pipeline(args, commands, directory, errors):
    processes, source = [], subprocess.DEVNULL
    for number, command in enumerate(commands):
        last = number == len(commands) - 1
        process = subprocess.Popen(stage.metered(args.build, directory / f"meter{number}", command), stdin=source,
                                   stderr=errors, cwd=directory,
                                   stdout=subprocess.DEVNULL if last else subprocess.PIPE,
                                   env=stage.environment(directory))
        if source != subprocess.DEVNULL:
            source.close()
        source = process.stdout
        processes.append(process)
    return processes


def wait_for(processes):
    """Their exit codes. The meter of a process that is killed here takes the process with it."""
    try:
        return [process.wait() for process in processes]
    finally:
        for process in processes:
            process.kill()


def run_pipeline(args, tool, run):
    commands = tool.commands(run)
    with open(run.directory / "errors", "wb") as errors:
        began = time.monotonic()
        codes = wait_for(start_pipeline(args, commands, run.directory, errors))
        wall = time.monotonic() - began
    if not all(code in tool.good for code in codes):
        said = (run.directory / "errors").read_text(encoding="utf-8", errors="replace").strip()
        raise RuntimeError(f"{tool.what} ended with exit code {', '.join(map(str, codes))}: {said[-1500:]}")
    _, cpu, peak = zip(*(stage.cost(run.directory / f"meter{n}") for n in range(len(commands))))
    return {"wall_s": wall, "cpu_s": sum(cpu), "peak_mib": sum(peak)}


def measure(args, tool, context, truth):
    directory, cluster, simulator = context
    own = directory / "run"
    own.mkdir()
    database = cluster.create_database()
    run = tools.Run(own, cluster, simulator, database, args.build / "ordersync", args.python)
    try:
        tool.prepare(run)
        cluster.checkpoint()
        calls, postgres = simulator.requests(), cluster.cpu_seconds()
        result = run_pipeline(args, tool, run)
        result["postgres_cpu_s"] = cluster.cpu_seconds() - postgres
        result["calls"] = simulator.requests() - calls - 1
        result["wrong_orders"] = stage.differences(cluster.sql(database, tool.stored), truth)
        return result
    finally:
        cluster.drop_database(database)
        shutil.rmtree(own)


def median_of(results):
    return {name: statistics.median(result[name] for result in results) for name in COUNTED} | {
        "wrong_orders": max(result["wrong_orders"] for result in results), "runs": results}


def run_rounds(args, chosen, context):
    """The medians of the tools by name; a tool that fails once is left out from then on, and has none."""
    results = {tool.name: [] for tool in chosen}
    truth = context[2].truth()
    for number in range(args.runs):
        shift = number % len(chosen)
        for tool in chosen[shift:] + chosen[:shift]:
            if tool.name not in results:
                continue
            print(f"round {number + 1} of {args.runs}: {tool.what}", file=sys.stderr)
            try:
                results[tool.name].append(measure(args, tool, context, truth))
            except RuntimeError as error:
                print(f"{tool.what}: left out, it failed: {error}", file=sys.stderr)
                del results[tool.name]
    return {name: median_of(found) for name, found in results.items()}


def choose(args):
    chosen = []
    for tool in tools.TOOLS:
        if tool.name not in args.only.split(","):
            continue
        if tool.needs_python and args.python is None:
            print(f"{tool.what}: skipped, there is no virtual environment with its packages")
        else:
            chosen.append(tool)
    return chosen


def simulated(args, directory):
    """Orders of 180 days, which end with today."""
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    return stage.Simulator(directory, args.build / "pandapon-sim", args.orders,
                           str(today - datetime.timedelta(days=180)), str(today),
                           options=("--latency", f"{args.latency}ms"))


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    args = read_arguments()
    chosen = choose(args)
    if not chosen:
        return
    with stage.temporary_directory("peers", "/tmp") as directory:
        cluster, simulator = stage.Cluster(directory / "pg"), simulated(args, directory)
        with stage.running(cluster, simulator):
            medians = run_rounds(args, chosen, (directory, cluster, simulator))
            circumstances = report.circumstances(args, cluster.version())
    found = {"circumstances": circumstances, "results": medians, "targets": report.targets(medians)}
    args.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    report.show(circumstances, medians, [tool for tool in chosen if tool.name in medians])
    print(f"\nalso written to {args.out}", file=sys.stderr)
    if len(medians) < len(chosen) or medians.get("ordersync", {}).get("wrong_orders"):
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"bench peers: {error}")
