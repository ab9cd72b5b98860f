"""What the Python benchmarks run against: a private PostgreSQL, never as root, and pandapon-sim over TLS. Linux alone.

`running` is a context that stops both, and `temporary_directory` one that removes everything, however they end."""

import collections
import contextlib
import ctypes
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
TICKS = os.sysconf("SC_CLK_TCK")  # of CPU time in a second
OPENSSL_CONF = """[req]
distinguished_name = name
prompt = no
[name]
CN = benchmarks of ordersync
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
    """PostgreSQL's defaults (fsync on, autovacuum on) but for the settings, reached over its unix socket.

    It continues with the data that its directory holds."""

    def __init__(self, directory, settings=None):
        self.directory, self.settings = pathlib.Path(directory), settings or {}
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
        data = self.directory / "data"
        fresh = not data.exists()
        if fresh:
            self.initialise(data)
        self.server = subprocess.Popen(
            [self.programs / "postgres", "-D", data, "--listen_addresses=",
             f"--unix_socket_directories={self.directory}",
             *(f"--{name}={value}" for name, value in self.settings.items())],
            stderr=subprocess.PIPE, text=True, cwd=self.directory, env=environment(),
            preexec_fn=die_with_parent(signal.SIGQUIT), **self.as_postgres())
        wait_for_line(self.server.stderr, "ready to accept", "PostgreSQL")
        drain(self.server.stderr, self.directory.parent / "postgres.log")
        if fresh:
            self.sql("postgres", "CREATE ROLE ordersync LOGIN CREATEROLE")

    def initialise(self, data):
        self.directory.mkdir(mode=0o700)
        options = self.as_postgres()
        if options:
            os.chown(self.directory, options["user"], options["group"])
        subprocess.run([self.programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                        "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=self.directory,
                       env=environment(), **options)

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait()

    def url(self, database, role="ordersync"):
        return f"postgresql://{role}@/{database}?host={self.directory}"

    def sql(self, database, text):
        """The rows as lines, their values with | between them."""
        return self.psql(database, ["-c", text])

    def script(self, database, text):
        """The same of several statements and psql's own commands, a line each."""
        return self.psql(database, ["-f", "-"], text)

    def psql(self, database, arguments, text=None):
        done = subprocess.run([self.programs / "psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", *arguments,
                               self.url(database, "postgres")], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def version(self):
        return self.sql("postgres", "SHOW server_version")[0]

    def create_database(self):
        self.databases += 1
        name = f"bench_{self.databases}"
        self.sql("postgres", f"CREATE DATABASE {name} OWNER ordersync")
        return name

    def drop_database(self, name):
        self.sql("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def checkpoint(self):
        """So that no run pays for the writes of the one before."""
        self.sql("postgres", "CHECKPOINT")

    def cpu_seconds(self):
        """Of the server and its processes, those that have ended included."""
        ticks = sum(stat_of(self.server.pid)[11:15])  # user and system, its own and those of what has ended
        children = pathlib.Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text(encoding="ascii")
        for child in children.split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                ticks += sum(stat_of(child)[11:15])
        return ticks / TICKS


def stat_of(pid):
    """The numbers of /proc/PID/stat from the state on; the name before it may hold anything."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return [0, *map(int, text[text.rindex(")") + 2:].split()[1:])]


class Simulator:
    """pandapon-sim with orders created from `begin` to `end`; `port` 0 takes a free one."""

    def __init__(self, directory, program, orders, begin, end, *, port=0, options=()):
        self.directory, self.program = pathlib.Path(directory), program
        self.orders, self.begin, self.end, self.port, self.options = orders, begin, end, port, options
        self.ca, self.secret_file = self.directory / "ca.pem", self.directory / "secret"
        self.process = self.address = None

    def start(self):
        self.make_certificates()
        self.secret_file.touch(mode=0o600)
        self.secret_file.write_text(SECRET + "\n", encoding="ascii")
        self.process = subprocess.Popen(
            [self.program, "--listen", f"127.0.0.1:{self.port}", "--tls-cert", self.directory / "server.pem",
             "--tls-key", self.directory / "server.key", "--access-key", KEY, "--access-secret-file", self.secret_file,
             "--seed", "1", "--orders", str(self.orders), "--from", self.begin, "--to", self.end, *self.options],
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

    def get(self, path, data=None):
        """A GET, or with data a POST."""
        context = ssl.create_default_context(cafile=self.ca)
        no_proxy = urllib.request.ProxyHandler({})
        opener = urllib.request.build_opener(no_proxy, urllib.request.HTTPSHandler(context=context))
        return opener.open(self.address + path, data, timeout=START_TIMEOUT)

    def post(self, path):
        self.get(path, b"").close()

    def stats(self):
        """Counters of all that was received so far, this request included."""
        with self.get("/_stats") as reply:
            return json.load(reply)

    def requests(self):
        return self.stats()["requests"]

    def truth(self, query=""):
        """As the rows of the tools are compared: id|status|number of lines."""
        with self.get("/_truth" + query) as reply:
            return [truth_line(json.loads(line)) for line in reply]


def truth_line(order):
    status = order["order_status"]
    return f"{order['id']}|{'' if status is None else status}|{len(order['items'])}"


def differences(rows, truth):
    """How many orders are missing, too many, there twice, or not as the truth has them."""
    counted = collections.Counter(rows)
    counted.subtract(truth)
    return len({line.partition("|")[0] for line, count in counted.items() if count != 0})


def write_config(path, simulator, database_url, sync, more=""):
    """What ordersync needs to mirror all of the simulator; `sync` and `more` are YAML."""
    path.write_text(f"""api:
  base_url: {simulator.address}
  ca_file: {simulator.ca}
accounts:
  - name: main
    access_key: {KEY}
    access_secret_file: {simulator.secret_file}
    user_id: "{USER_ID}"
database:
  url: {database_url}
sync:
  start: {simulator.begin}
{sync}{more}""", encoding="utf-8")


def metered(build, result, command):
    """The benchmark's meter runs it: a small process, whose own memory does not count towards the command's peak."""
    return [build / "ordersync_bench_meter", result, *command]


def cost(result):
    """What the meter wrote: seconds, seconds of CPU, MiB of the peak."""
    seconds, cpu, peak = map(float, result.read_text(encoding="ascii").split())
    return seconds, cpu, peak / 1024


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
def temporary_directory(name, parent):
    directory = pathlib.Path(tempfile.mkdtemp(prefix=f"ordersync-{name}.", dir=parent))
    directory.chmod(0o755)  # the database's user must reach its own directory inside
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def running(cluster, simulator):
    try:
        cluster.start()
        simulator.start()
        yield
    finally:
        simulator.stop()
        cluster.stop()
