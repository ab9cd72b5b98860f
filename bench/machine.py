"""The machine that a benchmark runs on."""

import os
import pathlib
import platform


def value_in(path, key):
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith(key):
            return line.partition(":")[2].strip()
    return "unknown"


def memory_bytes():
    return int(value_in("/proc/meminfo", "MemTotal").split()[0]) * 1024


def facts():
    return {
        "CPU": value_in("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory": f"{memory_bytes() / 2**30:.1f} GiB",
        "kernel": platform.release(),
    }
