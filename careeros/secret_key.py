"""A secret key that makes itself: read from a private file, written there the first time."""

import os
import secrets
from pathlib import Path


def from_file(path: Path) -> str:
    """The key kept at `path`, made there (mode 0600) when there is none.

    Safe when several processes start at once: one creates the file, the others read it. Raises OSError when
    the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
