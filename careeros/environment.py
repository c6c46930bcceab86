"""The environment, and what a file `.env` beside manage.py adds to it. A wrong value is refused by its name.

Settings read it, and before them gunicorn's configuration, in a process that has loaded nothing of the site yet.
"""

from collections.abc import Collection
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()  # type: ignore[no-untyped-call]
environ.Env.read_env(BASE_DIR / ".env")


def whole_number(name: str, default: int, minimum: int = 0) -> int:
    """Raises ImproperlyConfigured for what is no whole number, and for one below `minimum`."""
    value = env.str(name, default=str(default))
    if not value.isdecimal() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name} must be a whole number, {minimum} or more.")
    return int(value)


def switch(name: str, default: bool) -> bool:
    """On or off. Raises ImproperlyConfigured for anything else."""
    value = env.str(name, default="on" if default else "off").lower()
    if value not in ("on", "off", "true", "false", "1", "0", "yes", "no"):
        raise ImproperlyConfigured(f"{name} must be on or off.")
    return value in ("on", "true", "1", "yes")


def one_of(name: str, words: Collection[str], default: str) -> str:
    """One of these words, in small letters. Raises ImproperlyConfigured for any other."""
    value = env.str(name, default=default).lower()
    if value not in words:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(words)}.")
    return value
