"""Files that are made when they are first asked for, and then kept: share cards, crops of pictures."""

import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

logger = logging.getLogger(__name__)


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of the file at `path`; made by `make` and put there when it is not there yet.

    A folder that cannot be written to is logged: the bytes are given all the same. What `make` raises goes on.
    """
    if path.exists():
        return path.read_bytes()
    data = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            part.write(data)
        os.replace(part.name, path)  # noqa: PTH105  (never half a file, whoever makes it at the same time)
    except OSError:
        logger.warning("The file %s could not be kept.", path, exc_info=True)
    return data
