"""What the tools run against: a private PostgreSQL, never as root, and pandapon-sim over TLS. Linux alone.

Used as a context, which stops and removes everything, however it ends."""

import contextlib
import ctypes
import datetime
import json
import os
import pathlib
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import urllib.request

KEY, SECRET, USER_ID = "bench-key", "bench-secret", "2100007341207"
START_TIMEOUT = 120
OPENSSL_CONF = """[req]
distinguished_name = name
prompt = no
[name]
CN = bench peers of ordersync
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, DNS:localhost
"""


def die_with_parent(how):
    """For preexec_fn: the child gets that signal when this program ends, however it ends."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(1, how)


class Cluster:
    """PostgreSQL's defaults (fsync on, autovacuum on), reached over its unix socket."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        newest = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]),
                     default=None)
        if newest is None:
            raise RuntimeError("no PostgreSQL under /usr/lib/postgresql; run ./dev deps")
        self.programs = newest.parent
        self.server = None
        self.databases = 0

    def as_postgres(self):
        """PostgreSQL's programs refuse to run as root."""
        if os.geteuid() != 0:
            return {}
        entry = pwd.getpwnam("postgres")
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def start(self):
        self.directory.mkdir(mode=0o700)
        options = self.as_postgres()
        if options:
            os.chown(self.directory, options["user"], options["group"])
        data = self.directory / "data"
        subprocess.run([self.programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                        "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=self.directory,
                       env=environment(), **options)
        self.server = subprocess.Popen(
            [self.programs / "postgres", "-D", data, "-c", "listen_addresses=", "-c",
             f"unix_socket_directories={self.directory}"],
            stderr=subprocess.PIPE, text=True, cwd=self.directory, env=environment(),
            preexec_fn=die_with_parent(signal.SIGQUIT), **options)
        wait_for_line(self.server.stderr, "ready to accept", "PostgreSQL")
        drain(self.server.stderr, self.directory.parent / "postgres.log")
        self.sql("postgres", "CREATE ROLE ordersync LOGIN CREATEROLE")

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait()

    def url(self, database, role="ordersync"):
        return f"postgresql://{role}@/{database}?host={self.directory}"

    def sql(self, database, text):
        """The rows as lines, their values with | between them."""
        done = subprocess.run([self.programs / "psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-c", text,
                               self.url(database, "postgres")], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def version(self):
        return self.sql("postgres", "SHOW server_version")[0]

    def create_database(self):
        self.databases += 1
        name = f"peers_{self.databases}"
        self.sql("postgres", f"CREATE DATABASE {name} OWNER ordersync")
        return name

    def drop_database(self, name):
        self.sql("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def checkpoint(self):
        """So that no run pays for the writes of the one before."""
        self.sql("postgres", "CHECKPOINT")

    def cpu_seconds(self):
        """Of the server and its processes, those that have ended included."""
        ticks = sum(stat_of(self.server.pid)[11:15])
        children = pathlib.Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text(encoding="ascii")
        for child in children.split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                ticks += sum(stat_of(child)[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")


def stat_of(pid):
    """The numbers of /proc/PID/stat from the state on; the name before it may hold anything."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return [0, *map(int, text[text.rindex(")") + 2:].split()[1:])]


class Simulator:
    """pandapon-sim with orders of 180 days, which ends with today."""

    def __init__(self, directory, program, orders, latency):
        self.directory, self.program, self.orders, self.latency = pathlib.Path(directory), program, orders, latency
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        self.begin, self.end = str(today - datetime.timedelta(days=180)), str(today)
        self.ca, self.secret_file = self.directory / "ca.pem", self.directory / "secret"
        self.process = self.address = None

    def start(self):
        self.make_certificates()
        self.secret_file.touch(mode=0o600)
        self.secret_file.write_text(SECRET + "\n", encoding="ascii")
        self.process = subprocess.Popen(
            [self.program, "--listen", "127.0.0.1:0", "--tls-cert", self.directory / "server.pem", "--tls-key",
             self.directory / "server.key", "--access-key", KEY, "--access-secret-file", self.secret_file, "--seed",
             "1", "--orders", str(self.orders), "--from", self.begin, "--to", self.end, "--latency",
             f"{self.latency}ms"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent(signal.SIGKILL))
        line = wait_for_line(self.process.stdout, "listening on", "pandapon-sim")
        self.address = "https://" + line.split()[-1]

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def make_certificates(self):
        (self.directory / "openssl.cnf").write_text(OPENSSL_CONF, encoding="ascii")
        common = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                  "30", "-config", "openssl.cnf"]
        for more in (["-extensions", "authority", "-keyout", "ca.key", "-out", "ca.pem"],
                     ["-extensions", "server", "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "server.key", "-out",
                      "server.pem"]):
            subprocess.run(common + more, cwd=self.directory, check=True, capture_output=True)

    def get(self, path):
        context = ssl.create_default_context(cafile=self.ca)
        no_proxy = urllib.request.ProxyHandler({})
        opener = urllib.request.build_opener(no_proxy, urllib.request.HTTPSHandler(context=context))
        return opener.open(self.address + path, timeout=START_TIMEOUT)

    def requests(self):
        """All that were received so far, this one included."""
        with self.get("/_stats") as reply:
            counted = json.load(reply)
        return counted["requests"]

    def truth(self):
        """As the rows of the tools are compared: id|status|number of lines."""
        with self.get("/_truth") as reply:
            return [truth_line(json.loads(line)) for line in reply]


def truth_line(order):
    status = order["order_status"]
    return f"{order['id']}|{'' if status is None else status}|{len(order['items'])}"


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def run_quietly(command):
    output_of(command)


def environment(home=None):
    """Without a proxy and settings of the person at the terminal; dlt and target-postgres report to nobody."""
    home = str(home or tempfile.gettempdir())
    return {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
            "DLT_DATA_DIR": home + "/dlt", "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR",
            "DO_NOT_TRACK": "1"}


def wait_for_line(stream, words, what):
    seen = ""
    for line in stream:
        if words in line:
            return line
        seen = line
    raise RuntimeError(f"{what} did not start: {seen.strip()}")


def drain(stream, path):
    """What the process says later goes into a file; a full pipe would stop it."""
    with open(path, "wb") as file:
        subprocess.Popen(["cat"], stdin=stream, stdout=file)


@contextlib.contextmanager
def stage(simulator_program, orders, latency):
    directory = pathlib.Path(tempfile.mkdtemp(prefix="ordersync-peers.", dir="/tmp"))
    directory.chmod(0o755)  # the database's user must reach its own directory inside
    cluster = Cluster(directory / "pg")
    simulator = Simulator(directory, simulator_program, orders, latency)
    try:
        cluster.start()
        simulator.start()
        yield directory, cluster, simulator
    finally:
        simulator.stop()
        cluster.stop()
        shutil.rmtree(directory, ignore_errors=True)
