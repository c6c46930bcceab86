"""Static files as they are served: hashed and compressed by WhiteNoise, style sheets without what only we read."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

OUR_SHEETS = "css/"
"""A page waits for these; their comments and indentation are a quarter of what a phone would fetch of them."""


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage; it is given our sheets without comments, so the hash is of what is served."""

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool] | tuple[str, None, RuntimeError]]:
        slim = {
            name: (_WithoutComments(storage), path) if name.startswith(OUR_SHEETS) else (storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(slim, dry_run=dry_run, **options)  # type: ignore[no-untyped-call]

    def create_compressor(self, **options: Any) -> Compressor:
        return _Compressor(**options)  # type: ignore[no-untyped-call]


class _Compressor(Compressor):
    """Leaves alone what it compressed at an earlier start: compressing is most of what collectstatic takes."""

    def compress(self, path: str) -> list[str]:
        if _is_compressed(Path(path)):
            return []
        made: list[str] = super().compress(path)  # type: ignore[no-untyped-call]
        return made


def _is_compressed(file: Path) -> bool:
    """Whether both copies are there and whole; a start that was killed may have left half of one."""
    try:
        copies = brotli.decompress(Path(f"{file}.br").read_bytes()), gzip.decompress(Path(f"{file}.gz").read_bytes())
    except (OSError, EOFError, zlib.error, brotli.error):
        return False
    return copies == (file.read_bytes(),) * len(copies)


class _WithoutComments:
    """What HashedFilesMixin asks of a storage it reads from."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> File:
        with self.storage.open(path) as source:
            return ContentFile(without_comments(source.read().decode()).encode())


def without_comments(css: str) -> str:
    """The style sheet with each comment gone and each run of white space a single space, outside strings.

    tinycss2 reads it by CSS Syntax Level 3, which knows no text that cannot be read; a comment that alone parts two
    tokens is left as `/**/`.
    """
    # Not needed by a process that serves: it would be imported by each of them.
    from tinycss2 import parse_component_value_list, serialize

    tokens = parse_component_value_list(css, skip_comments=True)
    _close_up(tokens)
    return str(serialize(tokens)).strip()


def _close_up(tokens: list[Any]) -> None:
    before = None
    for token in tokens:
        if token.type == "whitespace":
            # Where a comment was, there is white space on both sides.
            token.value = "" if before == "whitespace" else " "
        _close_up(getattr(token, "content", None) or getattr(token, "arguments", None) or [])
        before = token.type
