"""`make bench`: the same page by a bare WSGI function, by this site, rendered, by Django's cache, and through nginx."""
# ruff: noqa: T201

import argparse
import gzip
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from subprocess import PIPE

from bench import front, measure, servers
from bench.measure import Round
from bench.servers import GUIDE, Server

PUBLICATIONS = 10
CONNECTIONS = 192
"""Enough for both workers to get their share. Of sixteen, one worker takes all in some rounds, and is then slower by
two thirds, whatever it serves; of 48, the ratios of single rounds still lie between 0.7 and 2.2."""
TO_NGINX = 48
"""It takes fifty connections of one address."""
BY_MEMORY = "(b) this site, from memory"
CODING = {"Accept-Encoding": "gzip"}  # what all of them can send


@dataclass(frozen=True)
class Contender:
    """Something that is measured; `against` names whose figures it is compared with."""

    name: str
    server: Server
    headers: dict[str, str]
    against: str = ""
    wanted: str = ""
    connections: int = CONNECTIONS


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=31)
    arguments.add_argument("--seconds", type=int, default=1, help="for each contender in each round")
    given = arguments.parse_args()
    running: list[Server] = []
    with tempfile.TemporaryDirectory(prefix="careeros-bench-") as name, servers.stopping(running):
        folder = Path(name)
        families = _start(folder, running)
        contenders = [one for family in families for one in family]
        print(
            f"{os.cpu_count()} cores, Python {platform.python_version()}, {given.rounds} rounds of {given.seconds} s",
            flush=True,
        )
        for one in contenders:
            servers.get(one.server, GUIDE, one.headers)
        rounds: dict[str, list[Round]] = {one.name: [] for one in contenders}
        for number in range(given.rounds):
            for one in _in_turn(families, Random(number)):  # noqa: S311
                found = measure.run(one.server, GUIDE, one.headers, seconds=given.seconds, connections=one.connections)
                rounds[one.name].append(found)
            print(f"round {number + 1} of {given.rounds} done", file=sys.stderr, flush=True)
        _report(contenders, rounds)
        _report_staleness(contenders, folder)


def _in_turn(families: list[list[Contender]], chance: Random) -> list[Contender]:
    """All of them, in another order in each round and the same in each run: each leaves the machine to the next.

    Those that are compared with one another stay together, for the machine's speed changes within seconds.
    """
    shuffled = [chance.sample(family, len(family)) for family in chance.sample(families, len(families))]
    return [one for family in shuffled for one in family]


def _start(folder: Path, running: list[Server]) -> list[list[Contender]]:
    """Everything that is measured, those that are compared with one another together."""
    environment = servers.prepare(folder)
    django = "careeros.wsgi:django_application"
    site = servers.gunicorn("site", "careeros.wsgi", environment, plain=False)
    running.append(site)
    _, headers, body = servers.get(site, GUIDE, CODING)
    tag = next(value for name, value in headers if name == "ETag")
    status, headers_304, _ = servers.get(site, GUIDE, {**CODING, "If-None-Match": tag})
    if status != 304:
        raise RuntimeError(f"The site answers its own entity tag with {status}.")
    servers.write_answer(folder / "200.json", "200 OK", headers, body)
    servers.write_answer(folder / "304.json", "304 Not Modified", headers_304, b"")
    bare = servers.gunicorn("bare", "bench.bare", environment, BENCH_ANSWER=str(folder / "200.json"))
    running.append(bare)
    bare_304 = servers.gunicorn("bare 304", "bench.bare", environment, BENCH_ANSWER=str(folder / "304.json"))
    running.append(bare_304)
    logging = servers.gunicorn("logging", "careeros.wsgi", environment, plain=False, LOG_PAGES_FROM_MEMORY="on")
    running.append(logging)
    rendering = servers.gunicorn("rendering", django, environment)
    running.append(rendering)
    cached = servers.gunicorn("per-site", django, environment, DJANGO_SETTINGS_MODULE="bench.per_site_cache")
    running.append(cached)
    sharing = environment | {"DJANGO_SETTINGS_MODULE": "bench.shared_per_site_cache"}
    servers.manage(["createcachetable"], sharing)
    shared = servers.gunicorn("per-site, shared", django, sharing)
    running.append(shared)
    behind = servers.gunicorn("behind nginx", "careeros.wsgi", environment, plain=False, BEHIND_PROXY="on", HTTPS="on")
    running.append(behind)
    file, proxy = front.start(folder, behind, gzip.decompress(body), body)
    running.append(file)
    again = {**CODING, "If-None-Match": tag}
    bare_function, bare_function_304, file_by_nginx = (
        "(a) bare WSGI function",
        "(a) the same, 304",
        "nginx, the page as a file",
    )
    return [
        [
            Contender(bare_function, bare, CODING),
            Contender(BY_MEMORY, site, CODING, bare_function, "≥ 0.90"),
            Contender("(b) the same, a line in the log for each", logging, CODING, bare_function),
            Contender("(c) this site, rendering", rendering, {}, BY_MEMORY, "p50 ≤ 20 ms", 1),
            Contender("(d) Django's per-site cache, each worker its own", cached, CODING, BY_MEMORY, "≤ 0.25"),
            Contender("(d) Django's per-site cache, shared by workers", shared, CODING, BY_MEMORY, "≤ 0.25"),
        ],
        [
            Contender(bare_function_304, bare_304, again),
            Contender("(b) from memory, 304", site, again, bare_function_304, "≥ 0.90"),
        ],
        [
            Contender(file_by_nginx, file, CODING, connections=TO_NGINX),
            Contender("nginx in front of this site", proxy, CODING, file_by_nginx, "≥ 0.70", TO_NGINX),
        ],
    ]


def _report(contenders: list[Contender], rounds: dict[str, list[Round]]) -> None:
    print()
    print("| | requests/s | p50 ms | p99 ms | CPU s per 1,000 | MiB per worker | first 200 | ratio | of CPU | wanted |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|---|")
    for one in contenders:
        found = measure.middle(rounds[one.name])
        ratio = cpu = ""
        if one.against:
            pairs = list(zip(rounds[one.name], rounds[one.against], strict=True))
            ratio = f"{median(mine.rate / theirs.rate for mine, theirs in pairs):.2f}"
            cpu = f"{median(theirs.cpu / mine.cpu for mine, theirs in pairs):.2f}"
        memory = measure.memory_mib(one.server.workers())
        print(
            f"| {one.name} | {found.rate:,.0f} | {found.p50:.2f} | {found.p99:.2f} | {found.cpu:.3f} "
            f"| {memory:.0f} | {one.server.first_200:.1f} s | {ratio} | {cpu} | {one.wanted} |"
        )
    print()
    print("Ratios are of requests per second, and of requests per second of processor time, round by round; all")
    print(f"figures are medians of the rounds. Rendering is measured with one reader at a time, nginx with {TO_NGINX},")
    print(f"the others with {CONNECTIONS} connections. All send the page as gzip, but (c) never does.")


def _report_staleness(contenders: list[Contender], folder: Path) -> None:
    """How old a page is shown after a publication, from the commit on: the worst of several."""
    command = [sys.executable, "-m", "bench.many_guides", "publish-on-demand"]
    environment = {**servers.environment_of(folder), "PYTHONPATH": str(servers.ROOT)}
    publisher = subprocess.Popen(command, cwd=servers.ROOT, env=environment, stdin=PIPE, stdout=PIPE, text=True)  # noqa: S603
    publishing, published = publisher.stdin, publisher.stdout
    assert publishing is not None and published is not None  # noqa: S101, PT018  (pipes, as asked for)
    try:
        for name in (BY_MEMORY, "nginx in front of this site"):
            server = next(one.server for one in contenders if one.name == name)
            worst = 0.0
            for number in range(PUBLICATIONS):
                words = f"{server.port} {number}"
                publishing.write(f"{words}\n")
                publishing.flush()
                committed = float(published.readline())
                while f'class="lead">{words}</p>'.encode() not in servers.get(server, GUIDE)[2]:
                    time.sleep(0.005)
                worst = max(worst, time.time() - committed)
                time.sleep(number / PUBLICATIONS)  # at another time of the second each
            print(f"{name}: a publication shows after {worst:.2f} s at the latest ({PUBLICATIONS} publications).")
    finally:
        publishing.close()
        publisher.wait(10)


if __name__ == "__main__":
    main()
