"""Twelve processes, three hundred attempts at the same hours, on the database DATABASE_URL names."""

from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.bookings import arena as arenas

PROCESSES, ATTEMPTS = 12, 25
CALL_AND_GAP = timedelta(minutes=45)


def contend(environment, *options, processes=PROCESSES):
    """What the processes were told, and what the database holds. Any error in any of them (a deadlock, a locked
    database) is raised here."""
    running = [arenas.start(environment, "contend", str(seed), str(ATTEMPTS), *options) for seed in range(processes)]
    with ExitStack() as until_all_ended:
        for process in running:
            until_all_ended.enter_context(process)
        acknowledged = [booking for process in running for booking in arenas.answer(process)]
    return acknowledged, arenas.run(environment, "report")


def overlaps(bookings):
    starts = sorted(datetime.fromisoformat(b["start"]) for b in bookings if b["status"] != "cancelled")
    return [pair for pair in pairwise(starts) if pair[1] - pair[0] < CALL_AND_GAP]


def test_contested_starts_mixed_with_moves_and_cancellations(arena):
    arenas.run(arena, "prepare")
    acknowledged, held = contend(arena)
    known = {b["pk"]: {name: b[name] for name in ("pk", "start", "status", "sequence")} for b in held["bookings"]}
    assert acknowledged
    assert sorted(known) == sorted(b["pk"] for b in acknowledged), "nothing lost, nothing nobody was told of"
    assert [b for b in acknowledged if known[b["pk"]] != b] == []
    assert overlaps(held["bookings"]) == []
    assert all(b["cells"] == (0 if b["status"] == "cancelled" else 9) for b in held["bookings"])
    assert all(b["mails"] == 2 * (b["sequence"] + 1) for b in held["bookings"])


def test_the_daily_limit_holds_against_everybody_at_once(arena):
    """No constraint can count a day's calls; it is the lock on the coach that makes the count reliable."""
    arenas.run(arena, "prepare", "--daily-limit")
    _, held = contend(arena, "--only-book", processes=8)
    days = Counter(b["start"][:10] for b in held["bookings"])
    assert days == {"2027-01-06": arenas.DAILY_LIMIT, "2027-01-07": arenas.DAILY_LIMIT}


@pytest.mark.parametrize("constraint", ["kept", "dropped"])
def test_it_is_the_constraint_that_prevents_overlaps(arena, constraint):
    """With rule and lock patched out, overlaps fail against the constraint, and happen without it."""
    arenas.run(arena, "prepare", *(["--without-constraint"] if constraint == "dropped" else []))
    _, held = contend(arena, "--blind", processes=4)
    assert bool(overlaps(held["bookings"])) == (constraint == "dropped")
