import resource
import signal

import pytest

from guides.made_files import kept


def test_a_file_is_made_once_and_kept_under_its_name_alone(tmp_path):
    path = tmp_path / "cards" / "one.png"
    assert kept(path, lambda: b"made") == b"made"
    assert kept(path, lambda: pytest.fail("made again")) == b"made"
    assert [(file.name, file.read_bytes()) for file in path.parent.iterdir()] == [("one.png", b"made")]


def test_a_folder_that_cannot_be_written_to_keeps_no_file_back(tmp_path, caplog):
    (tmp_path / "cards").write_text("in the way")
    assert kept(tmp_path / "cards" / "one.png", lambda: b"made") == b"made"
    assert [record.message for record in caplog.records] == [f"The file {tmp_path}/cards/one.png could not be kept."]


def test_a_disk_that_is_full_is_left_without_half_a_file(tmp_path, caplog):
    """The kernel lets no file of this process grow beyond 4 bytes, and says so as it says that a disk is full."""
    sizes, on_large = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, sizes[1]))
    try:
        assert kept(tmp_path / "cards" / "one.png", lambda: b"made at length") == b"made at length"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, sizes)
        signal.signal(signal.SIGXFSZ, on_large)
    assert list((tmp_path / "cards").iterdir()) == []
    assert [record.message for record in caplog.records] == [f"The file {tmp_path}/cards/one.png could not be kept."]


def test_what_cannot_be_made_is_not_kept(tmp_path):
    def broken() -> bytes:
        raise FileNotFoundError("the picture is gone")

    with pytest.raises(FileNotFoundError, match="the picture is gone"):
        kept(tmp_path / "one.png", broken)
    assert list(tmp_path.iterdir()) == []
