"""Style sheets are served without comments, under the hash of what is served; everything else as it is."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from careeros.static_files import without_comments

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    collect(folder)
    return folder


def collect(folder: Path) -> None:
    backend = {"staticfiles": {"BACKEND": "careeros.static_files.StaticFiles"}}
    with override_settings(STATIC_ROOT=folder, STORAGES={**settings.STORAGES, **backend}):
        call_command("collectstatic", "--no-input", verbosity=0)


def served(collected: Path, name: str) -> Path:
    return collected / json.loads((collected / "staticfiles.json").read_text())["paths"][name]


@pytest.mark.parametrize("name", ["tokens", "layout", "parts", "guides", "tasks", "readiness"])
def test_a_sheet_is_served_without_comments_and_indentation(collected, name):
    source = (ROOT / "static" / "css" / f"{name}.css").read_text()
    sheet = served(collected, f"css/{name}.css").read_text()
    assert "/* " in source
    assert re.findall(r"/\*|\n|  ", sheet) == []
    assert brotli.decompress(served(collected, f"css/{name}.css").with_suffix(".css.br").read_bytes()) == sheet.encode()


def test_a_name_has_the_hash_of_the_bytes_served(collected):
    sheet = served(collected, "css/guides.css")
    assert sheet.name == f"guides.{hashlib.md5(sheet.read_bytes()).hexdigest()[:12]}.css"


def test_a_sheet_names_typefaces_by_their_hashed_names(collected):
    tokens = served(collected, "css/tokens.css").read_text()
    faces = re.findall(r'url\("\.\./fonts/([^"]+)"\)', tokens)
    assert len(faces) > 5
    assert [face for face in faces if not (collected / "fonts" / face).exists() or face.count(".") != 2] == []


def test_sheets_and_scripts_of_others_are_served_as_they_are(collected):
    script = served(collected, "js/site.js")
    assert script.read_bytes() == (ROOT / "static" / "js" / "site.js").read_bytes()
    assert "/*" in served(collected, "admin/css/base.css").read_text()


@pytest.mark.parametrize("suffix", [".br", ".gz"])
def test_what_was_compressed_is_not_compressed_anew_unless_a_copy_is_half_another_or_gone(tmp_path, suffix):
    """In each damaged file the other copy is whole, so that it alone must give the damage away."""
    collect(tmp_path)
    copies = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.suffix in (".br", ".gz")}
    half, other, gone = (
        Path(f"{served(tmp_path, f'css/{name}.css')}{suffix}") for name in ("tokens", "layout", "parts")
    )
    half.write_bytes(copies[half][:40])
    other.write_bytes(gzip.compress(b"other") if suffix == ".gz" else brotli.compress(b"other"))
    gone.unlink()
    whole = [
        path for path in copies if path.with_suffix("") not in {one.with_suffix("") for one in (half, other, gone)}
    ]
    written = {path: path.stat().st_ctime_ns for path in whole}
    collect(tmp_path)
    assert [path for path, bytes_ in copies.items() if path.read_bytes() != bytes_] == []
    assert len(whole) > 100
    assert [path for path in whole if path.stat().st_ctime_ns != written[path]] == []


@pytest.mark.parametrize(
    ("css", "slim"),
    [
        ("/* why */\n.a {\n  color: red; /* and */\n}\n", ".a { color: red; }"),
        ('a::after { content: "/* kept  */"; }', 'a::after { content: "/* kept  */"; }'),
        (".a {\n  & :is(h2, h3) { top: calc(1px  + 2px) }\n}", ".a { & :is(h2, h3) { top: calc(1px + 2px) } }"),
        ("a { margin: 1px/**/2px }", "a { margin: 1px/**/2px }"),
    ],
)
def test_strings_and_spaces_that_mean_something_stay(css, slim):
    assert without_comments(css) == slim
