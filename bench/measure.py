"""One round of wrk, and what the processes used meanwhile."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.servers import Server

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    """Requests per second, latencies in milliseconds, processor seconds per 1,000 requests."""

    rate: float
    p50: float
    p99: float
    cpu: float


def run(server: Server, path: str, headers: dict[str, str], *, seconds: int, connections: int) -> Round:
    """One round. Raises RuntimeError when any answer was an error: such a figure would mean nothing."""
    before = cpu_seconds(server.workers())
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, server.origin + path], capture_output=True, text=True, check=True)  # noqa: S603
    used = cpu_seconds(server.workers()) - before
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{server.name}: {done.stdout}")
    requests = int(_one(r"(\d+) requests in", done.stdout))
    return Round(
        rate=float(_one(r"Requests/sec:\s+([\d.]+)", done.stdout)),
        p50=_latency("50", done.stdout),
        p99=_latency("99", done.stdout),
        cpu=used / requests * 1000,
    )


def _one(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk did not say {pattern}:\n{text}")
    return found[1]


def _latency(percentile: str, text: str) -> float:
    found = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s|m)\b", text)
    if found is None:
        raise RuntimeError(f"wrk did not say p{percentile}:\n{text}")
    return float(found[1]) * UNITS[found[2]]


def cpu_seconds(processes: list[int]) -> float:
    """User and system time of the processes so far."""
    used = 0
    for pid in processes:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


def memory_mib(processes: list[int]) -> float:
    """The median of the processes' memory in MiB; what they share counts in part to each (PSS)."""
    return median(_pss(pid) for pid in processes)


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        return int(_one(r"\nPss:\s+(\d+) kB", text)) / 1024
    except OSError:  # a kernel without it
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        return int(_one(r"\nVmRSS:\s+(\d+) kB", text)) / 1024


def middle(rounds: list[Round]) -> Round:
    """The median of each figure."""
    return Round(*(median(getattr(one, name) for one in rounds) for name in ("rate", "p50", "p99", "cpu")))
