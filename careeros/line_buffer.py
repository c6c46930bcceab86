"""Lines that wait a moment, so that many of them are written by one system call.

A thread that writes lets go of Python's lock and has to wait for it again, behind the other threads of a busy worker:
that, and not the writing, is what a line costs.
"""

import select
import threading
import time
from collections import deque
from collections.abc import Callable

PAUSE_SECONDS = 0.1
"""How long a line waits at most, and so how much of the log is lost when a process is killed."""
MOST_WAITING = 10_000
"""Lines. Of a log that takes no more, those who add are held up, instead of the memory filling."""


class LineBuffer:
    """Takes lines of ASCII, each with its line feed; a thread of its own hands them to `write`, several at once.

    Never more bytes at once than POSIX keeps whole in a pipe that other processes write into as well (PIPE_BUF), and
    never part of a line, unless the line by itself is longer.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write
        self._lines: deque[str] = deque()
        self._filled = threading.Event()
        self._writing = threading.Lock()

    def start(self) -> None:
        """Begin to write. To be called in the process that adds: threads do not survive a fork."""
        threading.Thread(target=self._run, name="log-lines", daemon=True).start()

    def add(self, line: str) -> None:
        self._lines.append(line)
        if not self._filled.is_set():
            self._filled.set()
        if len(self._lines) > MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write all that waits, now."""
        with self._writing:
            together: list[str] = []
            size = 0
            for _ in range(len(self._lines)):
                line = self._lines.popleft()
                if together and size + len(line) > select.PIPE_BUF:
                    self.write("".join(together))
                    together, size = [], 0
                together.append(line)
                size += len(line)
            if together:
                self.write("".join(together))

    def _run(self) -> None:
        while True:
            self._filled.wait()
            time.sleep(PAUSE_SECONDS)
            self._filled.clear()
            self.flush()
