import select
import threading
import time

import pytest

from careeros import line_buffer
from careeros.line_buffer import LineBuffer


@pytest.fixture
def written():
    return []


@pytest.fixture
def buffer(written):
    return LineBuffer(written.append)


def test_lines_wait_and_are_written_together_in_their_order(buffer, written):
    for number in range(3):
        buffer.add(f"{number}\n")
    assert written == []
    buffer.flush()
    assert written == ["0\n1\n2\n"]
    buffer.flush()
    assert written == ["0\n1\n2\n"], "each once"


def test_no_write_is_longer_than_a_pipe_keeps_whole_nor_parts_a_line(buffer, written):
    lines = [f"{number:0{300 + number % 7}}\n" for number in range(100)]
    for line in lines:
        buffer.add(line)
    buffer.flush()
    assert "".join(written) == "".join(lines)
    assert all(len(together) <= select.PIPE_BUF and together.endswith("\n") for together in written)
    assert len(written) == 8, "as many together as fit"


def test_a_line_that_is_too_long_by_itself_is_written_by_itself(buffer, written):
    long = "x" * select.PIPE_BUF + "\n"
    for line in ("a\n", long, "b\n"):
        buffer.add(line)
    buffer.flush()
    assert written == ["a\n", long, "b\n"]


def test_its_thread_writes_after_the_pause_and_again(monkeypatch):
    monkeypatch.setattr(line_buffer, "PAUSE_SECONDS", 0.01)
    written, came = [], threading.Event()

    def write(text):
        written.append(text)
        came.set()

    buffer = LineBuffer(write)
    buffer.start()
    for line in ("first\n", "second\n"):
        came.clear()
        buffer.add(line)
        assert came.wait(10)
    assert written == ["first\n", "second\n"]


def test_a_log_that_takes_no_more_holds_up_those_who_add_and_loses_nothing(monkeypatch):
    monkeypatch.setattr(line_buffer, "MOST_WAITING", 3)
    written, takes = [], threading.Event()

    def blocked(text):
        takes.wait(30)
        written.append(text)

    buffer = LineBuffer(blocked)
    adding = threading.Thread(target=lambda: [buffer.add(f"{number}\n") for number in range(9)])
    adding.start()
    adding.join(0.2)
    assert adding.is_alive(), "held up at the fourth line"
    takes.set()
    adding.join(30)
    buffer.flush()
    assert "".join(written) == "".join(f"{number}\n" for number in range(9))


def test_many_threads_lose_no_line_and_double_none(buffer, written):
    buffer.start()
    threads = [
        threading.Thread(target=lambda name=name: [buffer.add(f"{name}-{number}\n") for number in range(500)])
        for name in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    buffer.flush()
    given_up = time.monotonic() + 10
    while "".join(written).count("\n") < 4000 and time.monotonic() < given_up:
        time.sleep(0.01)
    assert sorted("".join(written).split()) == sorted(f"{name}-{number}" for name in range(8) for number in range(500))
