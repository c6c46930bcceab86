"""Processes are killed or reloaded in the middle of their work: nothing acknowledged is lost, nothing is half there."""

import json
import os
import signal
import subprocess
import sys
import threading

from tests.operations.conftest import HELD, ROOT, check_sound
from tests.operations.live_site import get, one_booking, running, until, workers_of


def test_workers_and_master_are_killed_in_the_middle_of_bookings_and_nothing_acknowledged_is_lost(served_site, manage):
    acknowledged, stop = [], threading.Event()
    with running(served_site) as (process, address):

        def book_on(thread):
            number = thread
            while not stop.is_set():
                if one_booking(address, number)[0] == 303:
                    acknowledged.append(number)
                number += 2

        clients = [threading.Thread(target=book_on, args=(thread,)) for thread in (1, 2)]
        for client in clients:
            client.start()
        for _ in range(3):
            seen = len(acknowledged)
            until(lambda seen=seen: len(acknowledged) > seen)
            victims = workers_of(process)
            os.kill(victims[0], signal.SIGKILL)
            until(lambda victims=victims: len(now := workers_of(process)) == 2 and now != victims)
        os.killpg(process.pid, signal.SIGKILL)
        stop.set()
        for client in clients:
            client.join(70)
    check_sound(served_site)
    held = json.loads(manage(served_site, "shell", "-v0", "-c", HELD).stdout)
    assert {f"sam{number}@example.org" for number in acknowledged} <= set(held["people"])
    assert held["mails"] == 2 * len(held["people"])
    assert held["overlaps"] == 0
    with running(served_site) as (_, address):
        assert get(f"{address}/readyz")[0] == 200


PUBLISH_ON = """
import itertools, sys
from guides.models import Guide
from guides.publishing import publish
guide = Guide.objects.get(slug="how-to-become-an-engineering-manager")
for number in itertools.count():
    guide.lead = f"Words number {number}."
    guide.save()
    print(publish(guide, change_note=f"number {number}").pk, flush=True)
"""
PUBLICATIONS = """
import json
from guides.models import Publication
rows = Publication.objects.filter(change_note__startswith="number ").order_by("pk")
whole = [row.pk for row in rows if row.change_note.removeprefix("number ") + "." in row.document and row.html]
print(json.dumps({"held": [row.pk for row in rows], "whole": whole, "lead": rows.last().change_note}))
"""


def test_whoever_publishes_is_killed_and_no_publication_is_lost_or_half_there(served_site, manage):
    told = []
    for _ in range(3):
        publisher = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISH_ON],
            cwd=ROOT, env=served_site, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        told += [int(publisher.stdout.readline()) for _ in range(2)]
        publisher.kill()
        told += [int(line) for line in publisher.stdout.read().split()]
        publisher.stdout.close()
        publisher.wait()
    check_sound(served_site)
    seen = json.loads(manage(served_site, "shell", "-v0", "-c", PUBLICATIONS).stdout)
    assert set(told) <= set(seen["held"]), "what was acknowledged is there"
    assert seen["whole"] == seen["held"], "and whole"
    with running(served_site) as (_, address):
        page = get(f"{address}/how-to-become-an-engineering-manager/")[1]
        assert f"Words {seen['lead']}." in page


def test_a_graceful_reload_drops_no_request(served_site, manage):
    answers, booked, stop = [], [], threading.Event()
    with running(served_site) as (process, address):

        def read_on():
            while not stop.is_set():
                answers.append(get(f"{address}/privacy/")[0])

        def book_on():
            while not stop.is_set():
                booked.append(one_booking(address, len(booked))[0])

        readers = [threading.Thread(target=target) for target in (read_on, read_on, read_on, book_on)]
        for reader in readers:
            reader.start()
        until(lambda: booked)
        before = set(workers_of(process))
        process.send_signal(signal.SIGHUP)
        until(lambda: len(now := set(workers_of(process))) == 2 and not now & before)
        seen = len(booked)
        until(lambda: len(booked) > seen + 1)
        stop.set()
        for reader in readers:
            reader.join(70)
    assert answers
    assert set(answers) == {200}
    assert set(booked) == {303}
    held = json.loads(manage(served_site, "shell", "-v0", "-c", HELD).stdout)
    assert {f"sam{number}@example.org" for number in range(len(booked))} <= set(held["people"])
