import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.portfolio import Entry, portfolio
from readiness.portfolio_files import read, to_csv, to_markdown

pytestmark = pytest.mark.django_db
SECRET = "Quokka migration in May, agreed with finance"
FORM = {
    "mentoring-1-situation": SECRET,
    "mentoring-1-did": "I coached two engineers",
    "mentoring-1-result": "Both now run on-call",
    "mentoring-1-witness": "Priya",
}
ENTRIES = portfolio({"mentoring": (Entry(SECRET, "I coached two engineers", "Both now run on-call", "Priya"),)})


@pytest.fixture(autouse=True)
def _guide(main_guide):
    pass


def test_the_empty_worksheet_shows_eight_areas_with_the_guides_notes(client):
    response = client.get("/evidence-portfolio/")
    assert response.status_code == 200
    assert not response.cookies
    assert response.text.count('<details class="area"') == 8
    assert "Capture Mentoring" in response.text
    assert "Example of Leadership visibility" in response.text
    assert "This site stores nothing of what you write." in response.text
    assert response.text.count('data-entries="0"') == 8


def test_nothing_that_is_sent_is_stored(client, settings, tmp_path, caplog):
    """No query writes, no file appears, no cookie is set, no cache may keep it, no log has it."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in settings.VAR_DIR.rglob("*") if path.is_file()}
    caplog.set_level(0)
    upload = SimpleUploadedFile("p.md", to_markdown(ENTRIES).encode())
    for do in ("check", "add-mentoring", "markdown", "csv", "print", "import"):
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/evidence-portfolio/", {**FORM, "do": do, "file": upload})
        upload.seek(0)
        assert SECRET in response.content.decode()
        assert all(query["sql"].startswith("SELECT") for query in queries)
        assert not any(SECRET in query["sql"] for query in queries)
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"
    assert not list(tmp_path.iterdir())
    assert {path: path.stat().st_mtime_ns for path in settings.VAR_DIR.rglob("*") if path.is_file()} == before
    assert SECRET not in caplog.text


def test_checking_gives_everything_back_with_hints_and_fills_the_matrix(client):
    page = client.post("/evidence-portfolio/", {**FORM, "do": "check"}).text
    assert all(value in page for value in FORM.values())
    assert page.count('class="has"') == 4
    assert 'data-area="mentoring" data-entries="1"' in page
    assert "Your evidence matrix: 1 of 8 areas have an entry" in page
    assert '<details class="area" id="mentoring" open>' in page
    assert '<details class="area" id="team-delivery">' in page


def test_another_entry_can_be_added_without_javascript(client):
    page = client.post("/evidence-portfolio/", {**FORM, "do": "add-mentoring"}).text
    assert 'name="mentoring-2-result"' in page
    assert 'name="mentoring-3-result"' not in page
    assert SECRET in page
    assert 'class="hints"' not in page


@pytest.mark.parametrize(
    ("do", "focused"),
    [
        ("check", '<p class="status" role="status" tabindex="-1" autofocus>Checked'),
        ("add-mentoring", '<textarea id="mentoring-2-situation"'),
        ("add-conflict-resolution", '<textarea id="conflict-resolution-1-situation"'),
        ("import", '<div class="error-summary" role="alert" tabindex="-1" autofocus'),
    ],
)
def test_the_page_comes_back_at_what_has_changed(client, do, focused):
    """By focus, not by a fragment: that would lead past the summary when something is wrong."""
    page = client.post("/evidence-portfolio/", {**FORM, "do": do}).text
    (tag,) = re.findall(r"<[^>]* autofocus[^>]*>[^<]*", page)
    assert tag.startswith(focused)
    assert "formaction" not in page


def test_a_full_area_takes_no_further_entry(client):
    full = {f"mentoring-{number}-did": f"Thing {number}" for number in range(1, 13)}
    page = client.post("/evidence-portfolio/", {**full, "do": "add-mentoring"}).text
    assert 'name="mentoring-13-did"' not in page
    assert 'value="add-mentoring"' not in page


@pytest.mark.parametrize(("kind", "name"), [("markdown", "evidence-portfolio.md"), ("csv", "evidence-portfolio.csv")])
def test_what_is_exported_imports_to_the_same_worksheet(client, kind, name):
    response = client.post("/evidence-portfolio/", {**FORM, "do": kind})
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert read(response.content.decode()) == ENTRIES
    upload = SimpleUploadedFile(name, response.content)
    page = client.post("/evidence-portfolio/", {"do": "import", "file": upload}).text
    assert {name: re.search(rf'name="{name}"[^>]*>\n([^<]*)</textarea>', page)[1] for name in FORM} == FORM


def test_an_import_adds_to_what_is_there(client):
    other = portfolio({"mentoring": (Entry(did="Another"),), "team-delivery": (Entry(did="A launch"),)})
    upload = SimpleUploadedFile("p.csv", to_csv(other).encode())
    page = client.post("/evidence-portfolio/", {**FORM, "do": "import", "file": upload}).text
    assert SECRET in page
    assert "Another" in page
    assert "A launch" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Choose a file first"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b"a,b\n1,2\n", "The first row must be"),
        (b"x" * 200_001, "larger than 200,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_loses_nothing(client, content, words):
    files = {} if content is None else {"file": SimpleUploadedFile("p.csv", content)}
    response = client.post("/evidence-portfolio/", {**FORM, "do": "import", **files})
    assert response.status_code == 422
    assert words in response.text
    assert SECRET in response.text
    assert response.text.count('<a href="#file">') == 1
    assert '<p class="error" id="file-error">' in response.text


def test_far_too_much_is_refused_before_it_is_read(client):
    upload = SimpleUploadedFile("p.csv", b"x" * 900_000)
    response = client.post("/evidence-portfolio/", {"do": "import", "file": upload})
    assert response.status_code == 413
    assert (
        "What was sent is larger than this page takes (390 KB). Nothing was saved; go back one page in your browser to "
        "find what you typed."
    ) in response.text


def test_an_overlong_field_is_refused_in_words_and_given_back(client):
    response = client.post("/evidence-portfolio/", {"mentoring-1-did": "x" * 1001, "do": "csv"})
    assert response.status_code == 422
    assert "Mentoring, entry 1: “What I did” has 1,001 characters; it holds 1,000." in response.text
    assert "x" * 1001 in response.text
    assert response.text.count('<a href="#worksheet">') == 1
    assert 'id="file-error"' not in response.text


def test_the_page_to_print_holds_all_eight_areas(client):
    page = client.post("/evidence-portfolio/", {**FORM, "do": "print"}).text
    assert page.count('<section class="printed">') == 8
    assert SECRET in page
    assert page.count("No entry yet.") == 7


def test_what_is_written_is_shown_as_text_only(client):
    for do in ("check", "print"):
        page = client.post("/evidence-portfolio/", {"mentoring-1-did": "</textarea><script>x</script>", "do": do}).text
        assert "<script>x" not in page


def test_fields_that_are_not_the_forms_are_passed_over(client):
    response = client.post("/evidence-portfolio/", {"luck-1-did": "x", "mentoring-1-luck": "x", "mentoring-٢-did": "x"})
    assert response.status_code == 200
    assert response.text.count('data-entries="0"') == 8


def test_a_form_larger_than_django_reads_is_refused_in_words(client):
    long = {f"mentoring-{number}-did": "x" * 30_000 for number in range(1, 11)}
    response = client.post("/evidence-portfolio/", long)
    assert response.status_code == 413
    assert "Go back one page in your browser to find what you typed." in response.text
