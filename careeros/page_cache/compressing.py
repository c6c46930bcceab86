"""Prepares brotli bodies in a thread of its own: quality 11 is slow, and lets other threads run meanwhile."""

import logging
import os
import queue
import threading
from weakref import ref

from careeros.page_cache.page import Page

logger = logging.getLogger(__name__)


class Compressor:
    """A queue of pages and, once a page is handed in, one thread of the present process that works it off.

    Until a page's turn comes, readers get it as gzip. A page that is no longer kept by then is passed over, and waiting
    keeps none in memory. The thread does not survive a fork; the next page starts another.
    """

    def __init__(self) -> None:
        self._waiting: queue.Queue[ref[Page]] = queue.Queue()
        self._starting = threading.Lock()
        self._process = 0

    def hand_in(self, page: Page) -> None:
        """Have the page compressed soon."""
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._waiting = queue.Queue()
                threading.Thread(target=self._work, args=[self._waiting], name="brotli", daemon=True).start()
        self._waiting.put(ref(page))

    def wait(self) -> None:
        """Until all that was handed in is done."""
        self._waiting.join()

    def _work(self, waiting: "queue.Queue[ref[Page]]") -> None:
        while True:
            page = waiting.get()()
            try:
                if page is not None:
                    page.compress()
            except Exception:
                logger.exception("A page could not be compressed; it is served as gzip.")
            finally:
                del page  # or it would be kept until the next one comes
                waiting.task_done()
