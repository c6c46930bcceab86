"""Knows when pages are stale: looks at the site's version once a second, and at the moment a schedule names."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from guides.models import version

logger = logging.getLogger(__name__)

HANGS_AFTER = 1.0
"""Seconds. A failure that took longer is one of a database that hangs, and not of one that is gone."""


class State(Protocol):
    """What pages are made from; equal states make equal pages."""

    @property
    def changed_at(self) -> datetime: ...
    @property
    def next_moment(self) -> datetime | None: ...


class Watch:
    """The site's state as last seen, for one process.

    It looks when a request comes in a new second of the clock, so at most once a second, and never when nobody asks.
    nginx forgets its copies at the same moment (`accel`), so the two waits do not add up. While the database is away
    the last state stands and pages go on being served. After a look that hung no request waits for the next ones, until
    one succeeds.
    """

    def __init__(self, ask: Callable[[datetime], State] = version.current, clock: Callable[[], float] = time.time):
        self.state: State | None = None
        self.accel = ("X-Accel-Expires", "0")
        """For nginx: keep the answer until the present second ends (X-Accel-Expires with @, an absolute time)."""
        self.second = 0
        """The second of the clock, since the epoch, in which it looked last."""
        self._ask = ask
        self._clock = clock
        self._until = 0.0
        self._looking = threading.Lock()
        self._is_away = self._hangs = False

    def look(self) -> State | None:
        """The present state; asks the database if the last answer is from another second. None: never known yet."""
        now = self._clock()
        # Both ends, because clocks are set back, too.
        if not self.second <= now < self._until and self._looking.acquire(blocking=False):
            if self._hangs:
                threading.Thread(target=self._look_beside, args=[now], daemon=True).start()
            else:
                self._look(now)
        return self.state

    def _look_beside(self, now: float) -> None:
        try:
            self._look(now)
        finally:
            connections.close_all()

    def _look(self, now: float) -> None:
        """Called with the lock held, which it gives back."""
        try:
            self._ask_anew(now)
        finally:
            self._looking.release()

    def _ask_anew(self, now: float) -> None:
        second = int(now)
        until = float(second + 1)
        try:
            close_old_connections()
            state = self._ask(datetime.fromtimestamp(now, UTC))
            if state != self.state:
                self.state = state
            if state.next_moment is not None:
                until = min(until, state.next_moment.timestamp())
            self._is_away = self._hangs = False
        except (DatabaseError, InterfaceError, OSError):
            if not self._is_away:
                logger.exception("The site's version cannot be read; pages are served as they were.")
            self._is_away, self._hangs = True, self._clock() - now > HANGS_AFTER
        finally:
            close_old_connections()
        self.accel = ("X-Accel-Expires", f"@{second}")
        self.second, self._until = second, until
