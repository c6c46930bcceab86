"""A minute of 2,000 requests a second: cached pages by wrk, and for every twenty of them somebody who books a call.

`python -m bench.load [--seconds 60] [--rate 2000] [--database URL]` starts the site as it is deployed, gunicorn behind
deploy/nginx.conf, and asks nobody else. Every booker has an address of their own, for nginx takes few forms of one. It
prints how often each status came, what rate was reached and how busy the processors were: site and clients share them.
It fails when anything answered 5xx or not at all.
"""
# ruff: noqa: T201

import argparse
import http.client
import os
import random
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode
from zlib import crc32

from bench import front, servers
from bench.servers import GUIDE, Server

CONNECTIONS = 40
"""nginx takes fifty of one address."""
BOOKERS = 40
RAMP_SECONDS = 4
"""They do not all come in the first instant."""
WEEKS = 10
"""How far the diary of bench.open_diary is open."""
SHARE = 0.05
"""Pages of the booking form and bookings among all requests; each booking needs a page of its own."""
FORM = re.compile(r'name="form" value="([^"]+)"')
SLOT = re.compile(r'name="slot" value="([^"]+)"')
# Every request has its moment, so that all of them together keep to the rate: a connection waits for that of its next
# one, and when the site falls behind they catch up. What they are told is counted.
SCRIPT = """
local ffi = require("ffi")
ffi.cdef("typedef struct {{ long seconds, nanoseconds; }} moment; int clock_gettime(int clock, moment *now);")
local MONOTONIC, now, threads = 1, ffi.new("moment"), {{}}
local function seconds()
  ffi.C.clock_gettime(MONOTONIC, now)
  return tonumber(now.seconds) + tonumber(now.nanoseconds) / 1e9
end
function setup(thread) table.insert(threads, thread) end
function init() told, sent, begun = {{}}, 0, seconds() end
function delay()
  sent = sent + 1
  return math.max(0, math.floor((begun + sent / {rate} - seconds()) * 1000))
end
function response(status) told[status] = (told[status] or 0) + 1 end
function done()
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("told")) do io.write("status ", status, " ", count, "\\n") end
  end
end
"""


class Booker(threading.Thread):
    """Opens the form, fills it in and sends it, `rate` times a second; when the site falls behind, they catch up.

    Each takes other times than the rest, as people do whose diaries differ.
    """

    def __init__(self, server: Server, number: int, rate: float, until: float) -> None:
        super().__init__(daemon=True)
        trusting = ssl._create_unverified_context()  # noqa: S323  (a certificate made a moment ago)
        address = (f"127.0.1.{number + 1}", 0)
        self.connection = http.client.HTTPSConnection(
            "localhost", server.port, timeout=60, context=trusting, source_address=address
        )
        self.number, self.pause, self.until = number, 1 / rate, until
        self.opened: Counter[int] = Counter()
        self.sent: Counter[int] = Counter()

    def run(self) -> None:
        slots: list[str] = []
        due = time.monotonic() + self.number * RAMP_SECONDS / BOOKERS
        while (now := time.monotonic()) < self.until:
            time.sleep(max(0.0, due - now))
            due += self.pause
            if not slots:
                week = date.today() + timedelta(weeks=random.randrange(1, WEEKS))  # noqa: DTZ011, S311
                shown = SLOT.findall(self.ask("GET", f"/diagnosis/?from=/&cta=closing&week={week}", self.opened))
                slots = [slot for slot in shown if crc32(slot.encode()) % BOOKERS == self.number]
            if slots:
                self.book(slots.pop(random.randrange(len(slots))))  # noqa: S311

    def book(self, slot: str) -> None:
        form = FORM.search(self.ask("GET", f"/diagnosis/?slot={quote(slot)}", self.opened))
        if form is not None:
            fields = {"slot": slot, "form": form[1], "name": "Sam", "email": f"sam{self.number}@example.org"}
            self.ask("POST", "/diagnosis/", self.sent, urlencode(fields))

    def ask(self, method: str, path: str, told: Counter[int], body: str | None = None) -> str:
        """The page; counts its status, and 0 when there was no answer."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            told[0] += 1
            return ""
        told[answer.status] += 1
        return page


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--rate", type=int, default=2000, help="requests a second, bookings among them")
    arguments.add_argument("--database", metavar="URL", help="an empty PostgreSQL instead of SQLite")
    given = arguments.parse_args()
    more = {"DATABASE_URL": given.database} if given.database else {}
    running: list[Server] = []
    with tempfile.TemporaryDirectory(prefix="careeros-load-") as name, servers.stopping(running):
        folder = Path(name)
        environment = servers.prepare(folder, **more) | {"BOOKINGS_ATTEMPTS_PER_HOUR": "100000000", "SEND_MAIL": "on"}
        servers.manage(["load_bookings_defaults"], environment)
        subprocess.run([sys.executable, "-m", "bench.open_diary"], cwd=servers.ROOT, env=environment, check=True)
        site = servers.gunicorn(
            "site", "careeros.wsgi", environment, plain=False, BEHIND_PROXY="on", HTTPS="on", TRUSTED_PROXIES="1"
        )
        running.append(site)
        _, proxy = front.start(folder, site)
        running.append(proxy)
        if not put_under_load(proxy, folder, given.seconds, given.rate):
            sys.exit("Something was answered with 5xx, or not at all.")


def put_under_load(site: Server, folder: Path, seconds: int, rate: int) -> bool:
    """Whether all was well. Prints what happened."""
    script = folder / "pages.lua"
    script.write_text(SCRIPT.format(rate=rate * (1 - SHARE)), encoding="ascii")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), "-H", "Accept-Encoding: gzip"]
    until = time.monotonic() + seconds
    bookers = [Booker(site, number, rate * SHARE / 2 / BOOKERS, until) for number in range(BOOKERS)]
    idle_before, used_before = idle(), time.monotonic()
    for booker in bookers:
        booker.start()
    done = subprocess.run([*command, site.origin + GUIDE], capture_output=True, text=True, check=True)  # noqa: S603
    for booker in bookers:
        booker.join(90)
    passed = time.monotonic() - used_before
    busy = 1 - (idle() - idle_before) / (passed * (os.cpu_count() or 1))
    counts = {
        "cached pages": Counter({int(status): int(n) for status, n in re.findall(r"status (\d+) (\d+)", done.stdout)}),
        "pages of the booking form": sum((booker.opened for booker in bookers), Counter()),
        "bookings sent": sum((booker.sent for booker in bookers), Counter()),
    }
    for what, told in counts.items():
        print(f"{what}: {told.total() / passed:,.0f} a second; by status {dict(sorted(told.items()))}")
    everything = sum(counts.values(), Counter())
    print(f"together {everything.total() / passed:,.0f} a second over {passed:.0f} s, {rate:,} wanted; ", end="")
    print(f"{os.cpu_count()} processors, {busy:.0%} busy with site and clients")
    if "Socket errors" in done.stdout:
        print(done.stdout)
    return "Socket errors" not in done.stdout and not any(status == 0 or status >= 500 for status in everything)


def idle() -> float:
    """Seconds that the processors have been idle since the start, all together."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    return int(fields[4]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
