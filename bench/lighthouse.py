"""Lighthouse's phone on four pages of the site as it is deployed: `make bench-lighthouse`.

gunicorn behind deploy/nginx.conf, over TLS, in Debian's Chromium; each page is opened anew so many times and the median
told. Fails when a category's median is below 100, the largest paint comes after 1.2 seconds, or anything shifts. The
last row is what browser and simulated network take on this machine for a page of one sentence.
"""
# ruff: noqa: T201

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench import front, servers
from bench.servers import GUIDE, Server

PAGES = ("/", GUIDE, "/diagnosis/", "/scorecard/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LARGEST_PAINT_MS = 1200
SENTENCE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="description" content="A page."><title>A page</title><h1>This page is one sentence.</h1></html>"""
TRIES = 3
"""Lighthouse now and then loses its browser and measures nothing."""
BROWSER = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --ignore-certificate-errors "
    "--disable-background-networking --disable-component-update --disable-sync"
)
COLUMNS = (
    "| | performance | accessibility | best practices | SEO | largest paint | shift | blocked "
    "| longest task, the page's | the browser's |"
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", type=Path, help="Lighthouse's cli/index.js")
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    running: list[Server] = []
    with tempfile.TemporaryDirectory(prefix="careeros-lighthouse-") as name, servers.stopping(running):
        folder = Path(name)
        environment = servers.prepare(folder)
        for command in ("load_scorecard", "load_bookings_defaults"):
            servers.manage([command], environment)
        site = servers.gunicorn("site", "careeros.wsgi", environment, plain=False, BEHIND_PROXY="on", HTTPS="on")
        running.append(site)
        plain, proxy = front.start(folder, site, SENTENCE, gzip.compress(SENTENCE))
        running.append(proxy)
        print(f"{COLUMNS}\n|---{'|--:' * 9}|")
        is_well = [_measure(given.program, proxy.origin + path, path, given.runs) for path in PAGES]
        _measure(given.program, plain.origin + GUIDE, "a page of one sentence", given.runs)
    if not all(is_well):
        sys.exit("Not every page is as it should be.")


def _measure(program: Path, address: str, name: str, runs: int) -> bool:
    """Prints the medians of a page's figures; whether they are as they should be."""
    reports = [_report(program, address) for _ in range(runs)]
    scores: list[float] = [median(100 * report["categories"][one]["score"] for report in reports) for one in CATEGORIES]
    paint, shift, blocked = (
        median(float(report["audits"][one]["numericValue"]) for report in reports)
        for one in ("largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time")
    )
    own, browsers = (median(_longest_task(report, of_page=of_page) for report in reports) for of_page in (True, False))
    shown = " | ".join(f"{score:.0f}" for score in scores)
    times = " | ".join(f"{task:.0f} ms" for task in (blocked, own, browsers))
    print(f"| {name} | {shown} | {paint / 1000:.2f} s | {shift:.3f} | {times} |", flush=True)
    return min(scores) == 100 and paint <= LARGEST_PAINT_MS and shift == 0


def _report(program: Path, address: str) -> dict[str, Any]:
    """One run's report. Raises RuntimeError when Lighthouse could not measure the page in any of its tries."""
    command = ["node", str(program), address, "--output=json", "--quiet", f"--chrome-flags={BROWSER}"]
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or "chromium"}
    reason = ""
    for _ in range(TRIES):
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
        report: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"runtimeError": done.stderr}
        if "runtimeError" not in report:
            return report
        reason = str(report["runtimeError"])
    raise RuntimeError(f"Lighthouse did not measure {address}: {reason}")


def _longest_task(report: dict[str, Any], *, of_page: bool) -> float:
    """Milliseconds at a quarter of this processor's speed, of the tasks that Lighthouse traces to one of the page's
    files, or of those it cannot trace to any; 0 when none was longer than 50."""
    items = report["audits"]["long-tasks"].get("details", {}).get("items", [])
    return max((float(item["duration"]) for item in items if (item["url"] != "Unattributable") is of_page), default=0.0)


if __name__ == "__main__":
    main()
