"""`make bench-scale`: the same site with 10, 100, 1,000 and 10,000 guides."""
# ruff: noqa: T201

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import measure, servers
from bench.servers import GUIDE, ROOT, Server

MANY_GUIDES = [sys.executable, "-m", "bench.many_guides"]
CODING = {"Accept-Encoding": "gzip"}
RENDERED = {
    "guide, cold": GUIDE,
    "list": "/guides/",
    "home": "/",
    "search": "/search/?q=manager",
    "sitemap": "/sitemap.xml",
}
SHIPPED = 11
FIRST_ASKED = 400  # guides, to see the memory filled


@dataclass
class Size:
    """A site of so many guides and what was measured of it; milliseconds, requests per second or MiB."""

    guides: int
    cached: Server
    rendering: Server
    environment: dict[str, str]
    memory: float = 0.0
    found: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        self.found.setdefault(name, []).append(value)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1_000, 10_000])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=2)
    given = arguments.parse_args()
    running: list[Server] = []
    with tempfile.TemporaryDirectory(prefix="careeros-scale-") as name, servers.stopping(running):
        fresh = Path(name) / "fresh"
        servers.prepare(fresh)
        sizes = [_start(fresh, Path(name) / str(guides), guides, running) for guides in given.sizes]
        for number in range(given.rounds):
            for size in sizes:
                _measure(size, given.seconds)
            print(f"round {number + 1} of {given.rounds} done", file=sys.stderr, flush=True)
        for _ in range(given.rounds):  # not in the rounds before: what is read after a change is read from the disk
            for size in sizes:
                _publish(size)
        for size in sizes:
            size.memory = _fill_memory(size)
    _report(sizes)


def _start(fresh: Path, folder: Path, guides: int, running: list[Server]) -> Size:
    print(f"preparing {guides:,} guides …", file=sys.stderr, flush=True)
    shutil.copytree(fresh, folder)
    environment = {**servers.environment_of(folder), "PYTHONPATH": str(ROOT)}
    subprocess.run([*MANY_GUIDES, str(guides)], env=environment, cwd=ROOT, check=True)  # noqa: S603
    cached = servers.gunicorn(f"{guides:,} guides", "careeros.wsgi", environment, plain=False, WEB_CONCURRENCY="1")
    running.append(cached)
    rendering = servers.gunicorn(
        f"{guides:,} guides, rendering", "careeros.wsgi:django_application", environment, WEB_CONCURRENCY="1"
    )
    running.append(rendering)
    return Size(guides, cached, rendering, environment)


def _measure(size: Size, seconds: int) -> None:
    _, headers, _ = servers.get(size.cached, GUIDE, CODING)
    tag = next(value for name, value in headers if name == "ETag")
    warm = measure.run(size.cached, GUIDE, CODING, seconds=seconds, connections=8)
    again = measure.run(size.cached, GUIDE, {**CODING, "If-None-Match": tag}, seconds=seconds, connections=8)
    size.note("guide, warm: requests/s", warm.rate)
    size.note("guide, 304: requests/s", again.rate)
    for name, path in RENDERED.items():
        for _ in range(5):
            begun = time.perf_counter()
            status, _, _ = servers.get(size.rendering, path)
            taken = time.perf_counter() - begun
            if status != 200:
                raise RuntimeError(f"{size.rendering.name} answers {status} at {path}")
            size.note(f"{name}: ms", taken * 1000)


def _publish(size: Size) -> None:
    command = [*MANY_GUIDES, "publish"]
    timed = subprocess.run(command, env=size.environment, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    size.note("publication: ms", float(timed.stdout))


def _fill_memory(size: Size) -> float:
    """MiB of the worker after many different guides were asked for."""
    for index in range(min(FIRST_ASKED, size.guides - SHIPPED)):
        servers.get(size.cached, f"/question-{index}/", CODING)
    return measure.memory_mib(size.cached.workers())


def _report(sizes: list[Size]) -> None:
    first = sizes[0]
    print(f"| guides | {' | '.join(f'{size.guides:,}' for size in sizes)} | last to first |")
    print("|---|" + "--:|" * (len(sizes) + 1))
    for name in first.found:
        values = [median(size.found[name]) for size in sizes]
        print(f"| {name} | {' | '.join(f'{value:,.1f}' for value in values)} | {values[-1] / values[0]:.2f} |")
    name, values = f"memory of a worker after {FIRST_ASKED} guides (or all): MiB", [size.memory for size in sizes]
    print(f"| {name} | {' | '.join(f'{value:,.1f}' for value in values)} | {values[-1] / values[0]:.2f} |")


if __name__ == "__main__":
    main()
