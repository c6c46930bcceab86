"""Files that are made when they are first asked for, and then kept: share cards, crops of pictures."""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

logger = logging.getLogger(__name__)


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of the file at `path`; made by `make` and put there when it is not there yet.

    A file that cannot be kept (the folder is read-only, the disk is full) is logged and leaves nothing behind: the
    bytes are given all the same. What `make` raises goes on.
    """
    if path.exists():
        return path.read_bytes()
    data = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never half a file, whoever makes it at the same time.
        with tempfile.TemporaryDirectory(dir=path.parent, suffix=".part") as folder:
            part = Path(folder) / path.name
            part.write_bytes(data)
            part.replace(path)
    except OSError:
        logger.warning("The file %s could not be kept.", path, exc_info=True)
    return data
