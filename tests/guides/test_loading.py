import shutil

import pytest
from django.core.management import CommandError, call_command

from guides.document import write
from guides.loading import ContentError, export, load
from guides.models import CallToAction, Guide, KeptCopy, Publication, SiteProfile, SlugRedirect
from guides.publishing import publish
from guides.working_copy import document_of
from tests.conftest import CONTENT
from tests.guides.conftest import document

pytestmark = pytest.mark.django_db

SITE = "brand: Career OS™\ncoach: Eich Dyn\ntagline: T\ndescription: D\nresources: 300+\ntools: '49'\ncontact_email: ''\nsame_as: []\n"
ACTIONS = "- name: readiness\n  placement: Inside\n  style: band\n  eyebrow: ''\n  heading: H\n  text: T\n  label: L\n  destination: /diagnosis/\n"


@pytest.fixture
def folder(tmp_path):
    """A content folder with one guide."""
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "how-to-begin.md").write_text(write(document()))
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "calls-to-action.yaml").write_text(ACTIONS)
    return tmp_path


def test_what_ships_comes_back_byte_for_byte(content, tmp_path):
    written = export(tmp_path)
    shipped = {
        path.relative_to(CONTENT): path.read_bytes() for path in (*CONTENT.glob("guides/*.md"), *CONTENT.glob("*.yaml"))
    }
    shipped.pop(next((path for path in shipped if path.name == "scorecard.yaml"), None), None)
    assert {path.relative_to(tmp_path): path.read_bytes() for path in written} == shipped


def test_a_first_load_creates_and_publishes(folder):
    report = load(folder)
    assert report.created == ["site", "calls-to-action/readiness", "guides/how-to-begin"]
    assert report.published == ["guides/how-to-begin"]
    assert Publication.objects.live().get().slug == "how-to-begin"


def test_a_second_load_changes_nothing(folder):
    load(folder)
    report = load(folder)
    assert report.unchanged == ["site", "calls-to-action/readiness", "guides/how-to-begin"]
    assert (report.created, report.updated, report.skipped, report.published) == ([], [], [], [])
    assert Publication.objects.count() == 1


def test_a_changed_file_updates_what_nobody_touched(folder):
    load(folder)
    (folder / "guides" / "how-to-begin.md").write_text(write(document(lead="New lead.")))
    (folder / "site.yaml").write_text(SITE.replace("tagline: T", "tagline: New"))
    report = load(folder)
    assert report.updated == ["site", "guides/how-to-begin"]
    assert Publication.objects.live().get().fields["lead"] == "New lead."
    assert SiteProfile.objects.current().tagline == "New"


def test_an_editors_change_stands_unless_the_files_are_told_to_win(folder):
    load(folder)
    Guide.objects.update(lead="By an editor.")
    CallToAction.objects.update(label="By an editor")
    (folder / "guides" / "how-to-begin.md").write_text(write(document(lead="By the file.")))
    report = load(folder)
    assert report.skipped == ["calls-to-action/readiness", "guides/how-to-begin"]
    assert Guide.objects.get().lead == "By an editor."
    report = load(folder, overwrite=True)
    assert report.updated == ["calls-to-action/readiness", "guides/how-to-begin"]
    assert (Guide.objects.get().lead, CallToAction.objects.get().label) == ("By the file.", "L")


def test_what_an_overwriting_load_replaces_is_kept_to_be_restored(folder):
    load(folder)
    Guide.objects.update(lead="By an editor.")
    mine = write(document_of(Guide.objects.get()))
    (folder / "guides" / "how-to-begin.md").write_text(write(document(lead="By the file.")))
    load(folder)
    assert KeptCopy.objects.count() == 0
    load(folder, overwrite=True)
    [kept] = KeptCopy.objects.all()
    assert (kept.document, kept.reason) == (mine, "Overwritten by load_content")
    load(folder, overwrite=True)
    assert KeptCopy.objects.count() == 1


def test_an_editors_change_that_the_file_then_repeats_counts_as_loaded(folder):
    load(folder)
    Guide.objects.update(lead="Same.")
    (folder / "guides" / "how-to-begin.md").write_text(write(document(lead="Same.")))
    assert load(folder).unchanged[-1] == "guides/how-to-begin"
    (folder / "guides" / "how-to-begin.md").write_text(write(document(lead="Newer.")))
    assert load(folder).updated == ["guides/how-to-begin"]


def test_drafts_may_be_loaded_without_publishing(folder):
    assert load(folder, publish=False).published == []
    assert Publication.objects.count() == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("guides/how-to-begin.md", "kind: guide", "kind: x", 5, "“kind” must be one of"),
        ("guides/how-to-begin.md", "/// figure | wheel", "/// figure | wheal", None, "there is no figure “wheal”"),
        ("guides/how-to-begin.md", "slug: how-to-begin", "slug: other", 1, "the file's name must be the same"),
        (
            "guides/how-to-begin.md",
            "related: []",
            "related:\n- nobody",
            None,
            "the related guide “nobody” does not exist",
        ),
        ("guides/how-to-begin.md", "hero: ''", "hero: nobody", 1, "the hero “nobody”"),
        ("guides/how-to-begin.md", "meta_title: How to begin", "meta_title: " + "x" * 201, 1, "200 characters"),
        ("site.yaml", "tagline: T", "tagine: T", 3, "there is no field “tagine” here"),
        ("site.yaml", "tagline: T\n", "", 1, "the field “tagline” is missing"),
        ("site.yaml", "contact_email: ''", "contact_email: nobody", 1, "valid email"),
        ("calls-to-action.yaml", "  style: band", "  style: circle", 1, "not a valid choice"),
        ("calls-to-action.yaml", "  text: T", "  text: '{{ price }}'", 1, "nothing to put in"),
        ("calls-to-action.yaml", "  label: L\n", "", 1, "“label” is missing"),
        ("calls-to-action.yaml", "- name", "- [name", 2, "not readable as YAML"),
    ],
)
def test_a_malformed_file_is_refused_and_nothing_is_kept(folder, file, old, new, line, words):
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    if line is None:
        numbered = enumerate(path.read_text().split("\n"), 1)
        line = next(
            number for number, source in numbered if source.strip() and source.strip() in (*new.split("\n")[-1:], new)
        )
    with pytest.raises(ContentError) as caught:
        load(folder)
    assert (caught.value.file, caught.value.line) == (path, line), caught.value
    assert words in caught.value.reason
    assert (Guide.objects.count(), SiteProfile.objects.count(), CallToAction.objects.count()) == (0, 0, 0)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(folder):
    path = folder / "guides" / "how-to-begin.md"
    path.write_bytes(path.read_bytes().replace(b"Begin here.", b"Begin \xff here."))
    with pytest.raises(ContentError, match="not UTF-8"):
        load(folder)


def test_the_commands_say_what_they_did(folder, tmp_path, capsys):
    call_command("load_content", str(folder))
    assert "created: guides/how-to-begin" in capsys.readouterr().out
    Guide.objects.update(lead="By an editor.")
    call_command("load_content", str(folder))
    assert "skipped: guides/how-to-begin was changed in the database" in capsys.readouterr().out
    call_command("export_content", str(folder))
    assert "how-to-begin.md" in capsys.readouterr().out
    call_command("export_content", str(folder))
    assert "Every file already says what the database says." in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    (tmp_path / "content").write_text("a file where a folder should be")
    with pytest.raises(CommandError) as refused:
        call_command("export_content", str(tmp_path / "content"))
    told = "content cannot be written: File exists. Name a folder of yours: export_content FOLDER."
    assert str(refused.value) == f"{tmp_path}/{told}"


def test_the_command_names_file_and_line_and_keeps_nothing(folder):
    (folder / "guides" / "how-to-begin.md").write_text("nothing")
    with pytest.raises(CommandError, match=r"how-to-begin\.md:1: .*\nNothing of this load was kept\."):
        call_command("load_content", str(folder))


def test_a_folder_without_the_shared_files_loads_its_guides(folder):
    load(folder)
    for name in ("site.yaml", "calls-to-action.yaml"):
        (folder / name).unlink()
    shutil.copy(folder / "guides" / "how-to-begin.md", folder / "guides" / "copy.md")
    (folder / "guides" / "copy.md").write_text(write(document(slug="copy")))
    assert load(folder).created == ["guides/copy"]


def test_drafts_loaded_without_publishing_are_published_by_the_next_load(folder):
    load(folder, publish=False)
    assert load(folder).published == ["guides/how-to-begin"]
    assert load(folder).published == []


def test_a_guide_an_editor_has_renamed_is_left_alone_and_named(folder):
    load(folder)
    Guide.objects.update(slug="renamed")
    report = load(folder)
    assert (report.skipped, report.created) == (["guides/how-to-begin"], [])
    publish(Guide.objects.get())
    report = load(folder)
    assert (report.skipped, report.created) == (["guides/how-to-begin"], [])
    assert Publication.objects.live().get().slug == "renamed"
    assert SlugRedirect.objects.get().old_slug == "how-to-begin"


def test_what_publishing_refuses_names_its_file(folder):
    load(folder)
    other = Guide.objects.get()
    other.slug = "elsewhere"
    other.save()
    (folder / "guides" / "elsewhere.md").write_text(write(document(slug="elsewhere", lead="Other.")))
    (folder / "guides" / "how-to-begin.md").unlink()
    other.slug = "back"
    other.save()
    report = load(folder)
    assert report.created == ["guides/elsewhere"]
