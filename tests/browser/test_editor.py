"""An editor at work, and readers who look on: nothing is live before it is published, and nothing written is lost."""

import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, ROOT
from tests.browser.test_pages import TAGS, violations

BODY = """How to plan a week is a question of what comes first: write down three results before you open the calendar.

## What goes first: how to plan a week

Start with the [engineering manager career path](/engineering-manager-career-path/) and what your team needs from you.

/// figure | wheel
///

/// call-to-action | readiness
Planning is one of five kinds of evidence.
///"""


@pytest.fixture(scope="session")
def manage(server_environment):
    """A function that runs a command of manage.py in the server's environment."""

    def run(*command: str, **environment: str) -> str:
        result = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env={**server_environment, **environment}, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return result.stdout

    return run


@pytest.fixture(scope="session")
def editor(manage, server) -> tuple[str, str]:
    """The name and password of somebody who may do everything."""
    password = "a long password for tests"
    for name in ("edith", "edgar"):
        manage(
            "createsuperuser", "--no-input", "--username", name, "--email", f"{name}@example.org",
            DJANGO_SUPERUSER_PASSWORD=password,
        )  # fmt: skip
    return "edith", password


@pytest.fixture
def desk(open_page, editor):
    """A function that opens a page of the admin as an editor."""

    def open_(path: str, *, name: str = editor[0], allow: tuple[str, ...] = (), **options):
        page = open_page("/admin/login/?next=" + path, viewport=DESK, allow=allow, **options)
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(editor[1])
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("link", name="Not now").click()
        page.wait_for_url("**" + path)
        return page

    return open_


class StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@pytest.fixture
def reader(server):
    """A function that asks for a path as readers do: status, text and where a redirect leads."""
    opener = urllib.request.build_opener(StaysHere)

    def ask(path: str) -> tuple[int, str, str]:
        try:
            answer = opener.open(server + path, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.read().decode(), answer.headers.get("Location", "")

    return ask


@pytest.fixture
def soon(reader):
    """A function that waits until a path answers with a status and words: workers look for changes once a second."""

    def wait(path: str, status: int, words: str = "") -> tuple[int, str, str]:
        in_a_row = 0  # answers come from two workers in turn
        for _ in range(100):
            answer = reader(path)
            in_a_row = in_a_row + 1 if answer[0] == status and words in answer[1] else 0
            if in_a_row == 6:
                return answer
            time.sleep(0.1)
        raise AssertionError(f"{path} answers {answer[0]} and not {status} with “{words}”")

    return wait


def form_of(manage, slug: str) -> str:
    code = f"from guides.models import Guide; print(Guide.objects.get(slug='{slug}').pk)"
    return f"/admin/guides/guide/{manage('shell', '-v0', '-c', code).strip()}/change/"


def add_row(page, prefix: str, **values: str) -> None:
    page.locator(f"#{prefix}-group .add-row a").click()
    row = page.locator(f"#{prefix}-0")
    for name, value in values.items():
        field = row.locator(f"[name={prefix}-0-{name}]")
        field.select_option(value) if name == "drawing" else field.fill(value)


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


@pytest.fixture
def onlooker(reader) -> Iterator[list[tuple[int, str]]]:
    """A reader who asks for the guide's addresses again and again while the editor works: every answer they got."""
    answers: list[tuple[int, str]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            answers.extend(reader(path)[:2] for path in ("/how-to-plan-a-week/", "/plan-your-week/", "/guides/"))

    thread = threading.Thread(target=look)
    thread.start()
    yield answers
    over.set()
    thread.join()


def test_a_guide_from_nothing_to_gone(desk, reader, soon, manage, onlooker):
    page = desk("/admin/guides/guide/add/", allow=("status of 422",))  # the preview, while the figure is still missing
    expect(page.locator("#id_title")).to_be_focused()
    typed = page.frame_locator(".typed-pane iframe")
    expect(typed.locator("main")).to_be_attached()
    for name, value in {
        "title": "How to plan a week", "short_title": "Planning a week", "slug": "how-to-plan-a-week",
        "lead": "Three results first.", "summary": "A week in three results.", "body": BODY, "hero": "wheel",
        "meta_title": "How to plan a week", "target_keyword": "how to plan a week",
    }.items():  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    add_row(page, "faq", question="Is Friday for planning?", answer="It can be.")
    add_row(page, "figures", name="wheel", drawing="wheel.svg", alt="A wheel of six parts", kind="Wheel",
            placement="What goes first")  # fmt: skip
    add_row(page, "links", anchor="engineering manager career path", destination="/engineering-manager-career-path/",
            placement="What goes first")  # fmt: skip
    expect(typed.locator("h1")).to_have_text("How to plan a week")
    expect(typed.get_by_text("Is Friday for planning?")).to_be_attached()
    press(page, "Save and continue editing")
    expect(page.get_by_text("Not published: readers do not see this guide yet.")).to_be_visible()
    assert reader("/how-to-plan-a-week/")[0] == 404

    press(page, "Save and publish now")
    refusal = page.locator(".messagelist .error")
    expect(refusal.first).to_contain_text("Meta description")
    assert reader("/how-to-plan-a-week/")[0] == 404
    page.locator("#id_meta_description").fill("How to plan a week with three results before any meeting is in it.")
    page.get_by_label("Change note").fill("First version")
    press(page, "Save and publish now")
    expect(page.locator(".messagelist .success").last).to_contain_text("is published")
    soon("/guides/", 200, "/how-to-plan-a-week/")
    _, first, _ = soon("/how-to-plan-a-week/", 200, "Three results first.")

    page.locator("#id_lead").fill("Nobody but editors.")
    press(page, "Save and continue editing")
    page.locator("#id_lead").fill("Two results first.")
    press(page, "Save and continue editing")
    expect(page.get_by_text("Differs:")).to_be_visible()
    assert reader("/how-to-plan-a-week/")[1] == first
    page.get_by_role("link", name="Compare with what is live").click()
    expect(page.locator(".comparison del")).to_have_text("Three")
    expect(page.locator(".comparison ins")).to_have_text("Two")
    page.get_by_role("link", name="Back to the guide").click()

    page.get_by_label("Publish at").fill("2099-01-05T09:00")
    page.get_by_label("Change note").fill("Two will do")
    press(page, "Save and schedule")
    expect(page.get_by_text("Waiting: “Two will do”, live from 5 January 2099, 09:00 GMT.")).to_be_visible()
    assert reader("/how-to-plan-a-week/")[1] == first
    code = (
        "from django.utils import timezone; from guides.models import Publication; "
        "waiting = Publication.objects.waiting().get(); waiting.published_at = timezone.now(); waiting.save()"
    )
    manage("shell", "-v0", "-c", code)
    soon("/how-to-plan-a-week/", 200, "Two results first.")

    page.reload()
    page.locator(".standing").get_by_role("link", name="History").click()
    row = page.get_by_role("row").filter(has_text="First version")
    expect(row).to_contain_text("edith")
    row.get_by_role("button", name="Restore").click()
    expect(page.locator("#id_lead")).to_have_value("Three results first.")
    assert "Two results first." in reader("/how-to-plan-a-week/")[1]

    page.locator("#id_slug").fill("plan-your-week")
    press(page, "Save and publish now")
    soon("/plan-your-week/", 200)
    status, _, location = reader("/how-to-plan-a-week/?utm_source=x")
    assert (status, location) == (301, "/plan-your-week/?utm_source=x")

    page.locator(".standing").get_by_role("link", name="Unpublish").click()
    page.get_by_label("Why").fill("A test is over")
    press(page, "Unpublish")
    expect(page.get_by_text("Taken down on")).to_be_visible()
    for path in ("/plan-your-week/", "/how-to-plan-a-week/"):
        soon(path, 410)
    assert "plan-your-week" not in reader("/guides/")[1]
    assert {status for status, _ in onlooker} <= {200, 301, 404, 410}
    assert [text for _, text in onlooker if "Nobody but editors." in text] == []
    assert all(text.rstrip().endswith("</html>") for status, text in onlooker if status != 301)


def test_the_page_beside_the_text_follows_the_typing(desk, manage, reader):
    page = desk(form_of(manage, "engineering-management"), allow=("status of 422",))
    before = reader("/engineering-management/")
    frame = page.frame_locator(".typed-pane iframe")
    expect(frame.locator("h1")).to_contain_text("Engineering")
    body = page.locator("#id_body")
    text = body.input_value()
    body.fill("A paragraph that nobody saved.\n\n" + text)
    expect(frame.get_by_text("A paragraph that nobody saved.")).to_be_visible()
    expect(page.locator(".typed-pane [role=status]")).to_have_text("As typed, not saved.")
    body.fill("/// nte\nx\n///\n\n" + text)
    expect(page.locator(".typed-pane [role=status]")).to_contain_text("Line 1 of the body: there is no block “nte”")
    expect(frame.get_by_text("A paragraph that nobody saved.")).to_be_visible()
    assert reader("/engineering-management/") == before
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(page.url)
    assert page.locator("#id_body").input_value() == text


def test_a_finding_leads_to_its_place_in_the_form(desk, manage):
    page = desk(form_of(manage, "engineering-management"), allow=("status of 422",))
    body = page.locator("#id_body")
    text = body.input_value()
    body.fill(text + "\n\nA [link](/no-such-guide/) that leads nowhere.")
    press(page, "Save and continue editing")
    page.locator("#audit").get_by_role("link", name=re.compile(r"^Line \d+ of the body$")).first.click()
    expect(body).to_be_focused()
    chosen = body.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen == "A [link](/no-such-guide/) that leads nowhere."
    page.locator(".standing").get_by_role("link", name="Discard changes").click()
    press(page, "Discard the changes")


def test_without_javascript_the_form_is_a_form(desk, manage, reader):
    page = desk(form_of(manage, "engineering-management"), java_script_enabled=False)
    assert page.locator(".typed-pane").count() == 0
    page.locator("#id_lead").fill("Typed without a script.")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview what is typed, unsaved").click()
    expect(opened.value.get_by_text("Typed without a script.")).to_be_visible()
    assert page.locator("#id_lead").input_value() == "Typed without a script."
    assert "Typed without a script." not in reader("/engineering-management/")[1]


def test_two_editors_at_one_guide_lose_nothing(desk, manage):
    path = form_of(manage, "staff-engineer-vs-engineering-manager")
    first, second = desk(path), desk(path, name="edgar", allow=("status of 409",))
    first.locator("#id_lead").fill("Edith was here.")
    press(first, "Save and continue editing")
    second.locator("#id_lead").fill("Edgar was here.")
    second.locator("#id_summary").fill("Edgar's summary.")
    press(second, "Save and continue editing")
    expect(second.get_by_role("alert")).to_contain_text("Nothing you typed is lost")
    lead = second.get_by_role("table", name="Lead")
    expect(lead.locator("del")).to_have_text("Edith")
    expect(lead.locator("ins")).to_have_text("Edgar")
    mine = second.get_by_label("Your text").input_value()
    assert "Edgar's summary." in mine
    press(second, "Save my text over theirs")
    expect(second.locator("#id_lead")).to_have_value("Edgar was here.")
    second.locator(".standing").get_by_role("link", name="History").click()
    expect(second.get_by_role("row").filter(has_text="Copy kept")).to_have_count(1)
    second.go_back()
    second.get_by_role("link", name="Discard changes").click()
    press(second, "Discard the changes")


def test_a_preview_link_for_somebody_without_an_account(desk, open_page, manage, server):
    page = desk(form_of(manage, "first-time-engineering-manager"))
    page.locator("#id_lead").fill("For Sam's eyes.")
    press(page, "Save and continue editing")
    page.locator(".standing").get_by_role("link", name="Preview").click()
    for title, width in (("The page on a phone", 390), ("The page on a desktop", 1280)):
        expect(page.frame_locator(f"iframe[title='{title}']").get_by_text("For Sam's eyes.")).to_be_visible()
        assert page.locator(f"iframe[title='{title}']").evaluate("frame => frame.contentWindow.innerWidth") == width
    page.get_by_label("Who it is for").fill("Sam")
    press(page, "Make a link")
    link = page.get_by_label(re.compile("^Sam, until")).input_value()
    path = link.removeprefix(server)
    sam = open_page(path, viewport=PHONE, allow=("status of 404",))
    expect(sam.get_by_text("For Sam's eyes.")).to_be_visible()
    expect(sam.get_by_role("note")).to_contain_text("This is a draft that readers do not see.")
    assert sam.context.cookies() == []
    assert violations(sam) == []
    press(page, "Withdraw this link")
    sam.reload()
    assert sam.title().startswith("Page not found")
    page.goto(server + form_of(manage, "first-time-engineering-manager"))
    page.get_by_role("link", name="Discard changes").click()
    press(page, "Discard the changes")


OWN = ".standing, .typed-preview, .typed-pane > p, .audit, .release, .comparison, .versions, .screens, .preview-links"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_ours(desk, manage, scheme, server):
    """Django's own admin around it has findings of its own, which are not ours to mend."""
    form = form_of(manage, "engineering-manager-resume")
    page = desk(form, color_scheme=scheme)
    for place in (form, *(form.replace("change", name) for name in ("history", "compare", "preview", "document"))):
        page.goto(server + place)
        if page.locator(OWN).count():
            options = {"runOnly": TAGS, "iframes": False, "preload": False}
            found = Axe().run(page, context=OWN, options=options).response["violations"]
            assert [f"{place} {rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]] == []
