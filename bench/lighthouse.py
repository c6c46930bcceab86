"""Lighthouse's phone on four pages of the site as it is deployed: `make bench-lighthouse`.

gunicorn behind deploy/nginx.conf, over TLS, in Debian's Chromium; each page is opened anew so many times and the median
told. Fails when a category's median is below 100, the largest paint comes after 1.2 seconds, or anything shifts.
"""
# ruff: noqa: T201

import argparse
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
TRIES = 3
"""Lighthouse now and then loses its browser and measures nothing."""
BROWSER = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --ignore-certificate-errors "
    "--disable-background-networking --disable-component-update --disable-sync"
)
COLUMNS = "| | performance | accessibility | best practices | SEO | largest paint | shift | blocked | longest task |"


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
        _, proxy = front.start(folder, site)
        running.append(proxy)
        print(f"{COLUMNS}\n|---{'|--:' * 8}|")
        is_well = [_measure(given.program, proxy.origin + path, path, given.runs) for path in PAGES]
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
    task = median(_longest_task(report) for report in reports)
    shown = " | ".join(f"{score:.0f}" for score in scores)
    print(
        f"| {name} | {shown} | {paint / 1000:.2f} s | {shift:.3f} | {blocked:.0f} ms | {task:.0f} ms |",
        flush=True,
    )
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


def _longest_task(report: dict[str, Any]) -> float:
    """Milliseconds at a quarter of this processor's speed; 0 when none was longer than 50."""
    items = report["audits"]["long-tasks"].get("details", {}).get("items", [])
    return max((float(item["duration"]) for item in items), default=0.0)


if __name__ == "__main__":
    main()
