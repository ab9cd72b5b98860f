"""What is measured: how each tool is prepared and started, and the SQL of what it has stored."""

import dataclasses
import json
import pathlib
from typing import Callable

import stage

HERE = pathlib.Path(__file__).resolve().parent

# id|status|number of lines. Grouped first: not every tool makes an index of what belongs to an order.
OWN_TABLES = """SELECT o.id, o.order_status, coalesce(i.lines, 0) FROM {orders} o
                LEFT JOIN (SELECT order_id, count(*) AS lines FROM {items} GROUP BY 1) i ON i.order_id = o.id"""
DLT_TABLES = """SELECT o.id, o.order_status, coalesce(i.lines, 0) FROM mirror.orders o
                LEFT JOIN (SELECT _dlt_parent_id, count(*) AS lines FROM mirror.orders__order_detail_info_vos
                           GROUP BY 1) i ON i._dlt_parent_id = o._dlt_id"""


@dataclasses.dataclass
class Run:
    """One run: its directory, its database, and where the programs are."""
    directory: pathlib.Path
    cluster: stage.Cluster
    simulator: stage.Simulator
    database: str
    ordersync: pathlib.Path
    python: pathlib.Path | None

    def url(self):
        return self.cluster.url(self.database)


@dataclasses.dataclass
class Tool:
    name: str
    what: str
    commands: Callable[[Run], list]  # a pipeline: the output of each is the input of the next
    stored: str
    prepare: Callable[[Run], None] = lambda run: None
    needs_python: bool = True
    good: tuple = (0,)


def ordersync_command(run, verb):
    return [run.ordersync, "--config", run.directory / "ordersync.yaml", verb]


def prepare_ordersync(run):
    stage.write_config(run.directory / "ordersync.yaml", run.simulator, run.url(), "  rate: 100000\n")
    stage.run_quietly(ordersync_command(run, "migrate"))


def script(name):
    def commands(run):
        simulator = run.simulator
        return [[run.python, HERE / name, "--url", simulator.address, "--ca", simulator.ca, "--key", stage.KEY,
                 "--secret-file", simulator.secret_file, "--user-id", stage.USER_ID, "--from", simulator.begin, "--to",
                 simulator.end, "--database", run.url()]]
    return commands


def create_tables(run):
    for statement in stage.output_of([run.python, HERE / "api.py"]).splitlines():
        run.cluster.sql(run.database, f"SET ROLE ordersync; {statement}")


def prepare_target(run):
    run.cluster.sql(run.database, "CREATE SCHEMA mirror AUTHORIZATION ordersync")
    config = {"sqlalchemy_url": run.url().replace("postgresql:", "postgresql+psycopg:"),
              "default_target_schema": "mirror", "load_method": "upsert"}
    (run.directory / "target.json").write_text(json.dumps(config), encoding="utf-8")


def singer(run):
    target = run.python.parent / "target-postgres"
    return script("tap_orders.py")(run) + [[target, "--config", run.directory / "target.json"]]


# The oddities of the simulated orders leave values in quarantine, which ordersync reports with exit code 6.
TOOLS = [
    Tool("ordersync", "ordersync sync", lambda run: [ordersync_command(run, "sync")],
         OWN_TABLES.format(orders="ordersync.orders", items="ordersync.order_items"), prepare_ordersync,
         needs_python=False, good=(0, 6)),
    Tool("tuned", "tuned script", script("tuned.py"), OWN_TABLES.format(orders="orders", items="order_items"),
         create_tables),
    Tool("usual", "usual script", script("usual.py"), OWN_TABLES.format(orders="orders", items="order_items"),
         create_tables),
    Tool("dlt", "dlt", script("dlt_peer.py"), DLT_TABLES),
    Tool("singer", "Singer", singer, OWN_TABLES.format(orders="mirror.orders", items="mirror.order_items"),
         prepare_target),
]
