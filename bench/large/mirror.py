"""One mirror: its directory, its cluster and simulator, and the real programs on them."""

import contextlib
import datetime
import json
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import machine
import stage

DATABASE = "mirror"
YEARS_DAYS = 3 * 365
ZONE = datetime.timezone(datetime.timedelta(hours=8))  # the API's
# The oddities of the simulated orders leave values in quarantine, which ordersync reports with exit code 6.
GOOD = (0, 6)


def server_settings():
    """What somebody with ten million orders would set, for a machine that the database has mostly to itself."""
    memory = machine.memory_bytes()
    mib = 2**20
    return {
        "shared_buffers": f"{memory // 4 // mib}MB",
        "effective_cache_size": f"{memory // 2 // mib}MB",
        "maintenance_work_mem": f"{min(1024, memory // 16 // mib)}MB",
        "work_mem": "32MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mirror:
    """`facts` are what a second run on the same directory must know; the mirror remembers the API's address, so the
    simulator keeps its port."""

    def __init__(self, directory, build, facts):
        self.directory, self.build, self.facts = directory, build, facts
        self.cluster = stage.Cluster(directory / "pg", server_settings())
        self.simulator = stage.Simulator(
            directory, build / "pandapon-sim", facts["orders"], facts["begin"], facts["end"], port=facts["port"],
            options=("--open", "1", "--live", "1", "--mutate", "1", "--mutate-open"))
        self.page_port = free_port()

    @classmethod
    def fresh(cls, directory, build, orders):
        # ordersync leaves the last seconds before now unread.
        end = datetime.datetime.now(ZONE) - datetime.timedelta(minutes=1)
        begin = (end - datetime.timedelta(days=YEARS_DAYS)).date()
        return cls(directory, build, {"orders": orders, "begin": str(begin), "end": end.isoformat(timespec="seconds"),
                                      "port": free_port()})

    @classmethod
    def kept(cls, directory, build):
        return cls(directory, build, json.loads((directory / "facts.json").read_text(encoding="utf-8")))

    def remember(self, **more):
        self.facts |= more
        (self.directory / "facts.json").write_text(json.dumps(self.facts), encoding="utf-8")

    def configure(self, sync):
        more = f"service:\n  listen: 127.0.0.1:{self.page_port}\n"
        stage.write_config(self.directory / "ordersync.yaml", self.simulator, self.cluster.url(DATABASE), sync, more)

    def command(self, *words):
        return [self.build / "ordersync", "--config", self.directory / "ordersync.yaml", *words]

    def run(self, *words):
        """What it prints."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False,
                              env=stage.environment())
        if done.returncode not in GOOD:
            said = done.stderr[-1500:]
            raise RuntimeError(f"ordersync {words[0]} ended with exit code {done.returncode}: {said}")
        return done.stdout

    def rows(self, text):
        return self.cluster.sql(DATABASE, text)

    def one(self, text):
        return self.rows(text)[0]

    def milliseconds(self, *statements, role="ordersync_reader"):
        """Of each statement, all of its rows read, in one session with that role's rights."""
        ended = "".join(text.rstrip("; \n") + ";\n" for text in statements)
        said = self.cluster.script(DATABASE, f"SET ROLE {role};\n\\timing on\n\\o /dev/null\n{ended}")
        found = [float(line.split()[1]) for line in said if re.match(r"Time: [\d.]+ ms", line)]
        if len(found) != len(statements):
            raise RuntimeError(f"psql timed {len(found)} of {len(statements)} statements")
        return found


class Daemon:
    """The real `ordersync run`; its log is in the mirror's directory."""

    def __init__(self, mirror):
        self.mirror, self.process = mirror, None

    def start(self):
        """Seconds until /readyz answers 200, which a daemon alone does when it leads."""
        began = time.monotonic()
        with open(self.mirror.directory / "daemon.log", "ab") as log:
            self.process = subprocess.Popen(self.mirror.command("run"), stdout=log, stderr=log,
                                            env=stage.environment(), preexec_fn=stage.die_with_parent(signal.SIGKILL))
        while not self.ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"ordersync run ended with exit code {self.process.returncode}; {self.last_words()}")
            if time.monotonic() - began > stage.START_TIMEOUT * 5:
                raise RuntimeError(f"ordersync run does not get ready; {self.last_words()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def last_words(self):
        return (self.mirror.directory / "daemon.log").read_text(encoding="utf-8", errors="replace")[-1500:]

    def ready(self):
        with contextlib.suppress(urllib.error.URLError, OSError):
            self.get("/readyz")
            return True
        return False

    def get(self, path):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.mirror.page_port}{path}", timeout=60) as reply:
            return reply.read().decode()

    def metrics(self):
        """By name; of those with labels the sum."""
        found = {}
        for line in self.get("/metrics").splitlines():
            if match := re.match(r"(\w+)(?:\{.*\})? (\S+)$", line):
                found[match[1]] = found.get(match[1], 0) + float(match[2])
        return found

    def resident_mib(self):
        return int(machine.value_in(f"/proc/{self.process.pid}/status", "VmRSS").split()[0]) / 1024

    def stop(self, kill=False):
        if self.process:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait()
