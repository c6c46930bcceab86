"""The environment, and what a file `.env` beside manage.py adds to it. A wrong value is refused by its name.

Settings read it, and before them gunicorn's configuration, in a process that has loaded nothing of the site yet.
"""

import re
from collections.abc import Collection
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()  # type: ignore[no-untyped-call]
environ.Env.read_env(BASE_DIR / ".env")

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_is_host_name = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE).fullmatch
_is_mail_address = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+").fullmatch


def whole_number(name: str, default: int, minimum: int = 0, maximum: int | None = None) -> int:
    """Raises ImproperlyConfigured for what is no whole number, and for one outside the bounds, themselves allowed."""
    value = env.str(name, default=str(default))
    if not value.isdecimal() or int(value) < minimum or (maximum is not None and int(value) > maximum):
        bounds = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
        raise ImproperlyConfigured(f"{name} must be a whole number, {bounds}.")
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


def folder(name: str, default: Path) -> Path:
    """A folder, which is made if need be, for nobody else's eyes. Raises ImproperlyConfigured when it cannot be."""
    path = Path(env.str(name, default=str(default)))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} names {path}, which cannot be made: {error.strerror}.") from error
    return path


def web_address(name: str, default: str) -> str:
    """An address by http or https. Raises ImproperlyConfigured for anything else, user, query and fragment among it."""
    value = env.str(name, default=default)
    if not _is_web_address(value):
        raise ImproperlyConfigured(f"{name} must be an address such as https://example.org/path.")
    return value


def origin(name: str, default: str) -> str:
    """Scheme, host and port (RFC 6454). Raises ImproperlyConfigured for anything else."""
    return _origin(name, env.str(name, default=default))


def origins(name: str, default: list[str]) -> list[str]:
    """Origins, separated by commas. Raises ImproperlyConfigured if one is none."""
    return [_origin(name, value) for value in env.list(name, default=default)]


def _origin(name: str, value: str) -> str:
    if not _is_web_address(value) or urlsplit(value).path:
        raise ImproperlyConfigured(f"{name} must be an origin such as https://example.org, without a path.")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host, has_port = parts.hostname or "", parts.port != 0
    except ValueError:
        return False
    bracketed = f"[{host}]" if ":" in host else host
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    return parts.scheme in ("http", "https") and bool(_is_host_name(bracketed)) and has_port and is_plain


def host_names(name: str, default: list[str]) -> list[str]:
    """Names of hosts, separated by commas; with a dot before it, all below it; `*` for any.

    Raises ImproperlyConfigured when there is none, or something that is none.
    """
    names: list[str] = env.list(name, default=default)
    if not names or not all(one == "*" or _is_host_name(one.removeprefix(".")) for one in names):
        raise ImproperlyConfigured(f"{name} must be names such as example.org, separated by commas.")
    return names


def trusted_addresses(name: str, default: str) -> str:
    """IP addresses, separated by commas, or `*`. Raises ImproperlyConfigured for anything else."""
    value = env.str(name, default=default)
    try:
        for one in value.split(","):
            if value != "*":
                ip_address(one.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be IP addresses, separated by commas, or *.") from error
    return value


def mail_addresses(name: str, values: list[str]) -> list[str]:
    """The addresses, each with a name or without. Raises ImproperlyConfigured, naming the setting, if one is none."""
    for value in values:
        if not _is_mail_address(parseaddr(value)[1]):
            raise ImproperlyConfigured(f"{name} must be an e-mail address: “{value}” is none.")
    return values
