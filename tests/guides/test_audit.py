"""The audit put together, over working copies and over files."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from guides.audit.findings import Grade
from guides.audit.report import SiteAudit, loaded_from
from guides.document import FAQEntry, LinkEntry, write
from guides.loading import export
from guides.models import CallToAction, Guide, Publication, SlugRedirect
from guides.publishing import publish
from guides.working_copy import write_rows
from tests.guides.conftest import document

BODY = """How to begin is a question of size: choose one small task, agree on its end and start on it today.
Then see [the other guide](/other-guide/), which names {{ tools }}.

## Reality check: how to begin {#reality data-toc-label="Reality"}

A paragraph, see [above](#reality) and [the sheet](sheet.md).

/// figure | wheel
///

/// template | A sheet
    file: sheet
    level: 3
Copy this.
///

/// call-to-action | readiness
Words of **this** guide.
///"""
TIDY = {"title": "How to begin", "meta_description": "How to begin, step by step.", "body": BODY}
OTHER = {
    "slug": "other-guide", "title": "The other guide", "short_title": "The other guide", "faq": (), "links": (),
    "meta_title": "The other guide", "meta_description": "The other guide, described.", "target_keyword": "other guide",
    "body": BODY.replace("ow to begin", "ow the other guide goes").replace("(/other-guide/)", "(/how-to-begin/)"),
}  # fmt: skip


@pytest.fixture
def report(make_guide):
    """A function that makes a guide of `TIDY` with changes, and the other guide, and reports on it."""

    def of(*, other_published=True, **changes):
        make_guide(published=other_published, **OTHER)
        guide = make_guide(published=False, **{**TIDY, **changes})
        return SiteAudit().report(guide)

    return of


def rules(found):
    return [(finding.grade.value, finding.rule, str(finding.place)) for finding in found.findings]


def test_a_tidy_guide_has_no_finding_and_is_not_published_by_it(report):
    found = report()
    assert found.findings == []
    assert found.word_count == 54
    assert found.reading_ease is not None
    assert found.preview.title == "How to begin"
    assert not Publication.objects.filter(slug="how-to-begin").exists()


def test_the_list_of_what_changed_is_no_contradiction(make_guide):
    """The page shows a date for every real edit; the structured data names the first and the last."""
    make_guide(**OTHER)
    guide = make_guide(**TIDY, published=False)
    for days in (30, 20, 10):
        publish(guide, at=timezone.now() - timedelta(days=days), change_note="Revised again")
    assert SiteAudit().report(guide).findings == []


def test_audits_the_working_copy_and_not_what_is_published(make_guide):
    make_guide(**OTHER)
    guide = make_guide(**TIDY)
    Guide.objects.filter(pk=guide.pk).update(meta_title="", body=BODY.replace("#reality)", "#nowhere)"))
    guide.refresh_from_db()
    assert rules(SiteAudit().report(guide)) == [
        ("must", "meta-title", "field meta_title"),
        ("must", "broken-link", "line 6"),
    ]


def test_a_text_that_cannot_be_rendered_says_where(report):
    found = report(body="/// nothing\n///", faq=(FAQEntry("Q?", "{{ nobody }}"),), hero="nothing")
    assert rules(found) == [("must", "block", "page"), ("must", "block", "line 1"), ("must", "block", "FAQ 1")]
    assert found.page is None


def test_a_link_to_a_guide_that_is_not_there(report):
    body = BODY.replace("/other-guide/", "/no-guide/")
    found = report(body=body, faq=(FAQEntry("Q?", "See [it](/no-guide/)."),), links=())
    assert ("must", "broken-link", "line 2") in rules(found)
    assert ("must", "broken-link", "FAQ 1") in rules(found)


def test_a_link_to_a_guide_that_is_not_published_yet(report):
    assert rules(report(other_published=False)) == [("should", "link-waits", "field links, entry 1")]


def test_a_former_address_of_a_guide_leads_somewhere(make_guide):
    other = make_guide(**OTHER)
    SlugRedirect.objects.create(old_slug="former", guide=other)
    guide = make_guide(
        published=False, **{**TIDY, "body": f"{BODY}\n\n[Former](/former/) [page](/guides/) [no](/search/me/)"}
    )
    assert [str(f.place) for f in SiteAudit().report(guide).findings if f.rule == "broken-link"] == ["line 21"]


def test_anchors_and_files_of_other_guides_are_looked_up(report):
    more = "\n\n[a](/other-guide/#reality) [b](/other-guide/#no) [c](/other-guide/sheet.md) [d](/other-guide/no.md)"
    broken = [f.reason for f in report(body=BODY + more).findings if f.rule == "broken-link"]
    assert len(broken) == 2
    assert "nothing on that page is called “no”" in broken[0]
    assert "/other-guide/no.md: the site has no such page" in broken[1]


def test_link_plan_image_plan_and_call_to_action_are_held_against_the_page(report):
    found = report(
        body=BODY.replace("/// figure | wheel\n///", "").replace("call-to-action | readiness", "note"),
        links=(LinkEntry("the other guide", "/other-guide/", "Reality"),),
    )
    assert rules(found) == [
        ("must", "call-to-action", "page"),
        ("must", "image-plan", "field figures, wheel"),
        ("must", "link-plan", "field links, entry 1"),
    ]


def test_every_rule_is_asked(report, monkeypatch):
    monkeypatch.setattr("guides.audit.page_rules.HEAVIEST_DRAWING", 100)
    monkeypatch.setattr("guides.structured_data.article", lambda facts, brand: _article(facts, headline="Another"))
    wheel = document().figures[0]
    found = report(
        body=BODY.replace("level: 3", "level: 4").replace("How to begin is a question of size:", f"{'So ' * 36}and"),
        figures=(replace(wheel, alt="wheel.svg"),),
        meta_title="How to begin " * 5,
    )
    assert {finding.rule for finding in found.findings} == {
        "alt-text", "heading-order", "structured-data", "meta-title-length", "keyword-first-paragraph", "introduction",
        "long-sentence", "image-weight",
    }  # fmt: skip


def _article(facts, headline):
    return {
        "@type": "Article", "headline": headline, "description": facts.description,
        "mainEntityOfPage": {"@type": "WebPage", "@id": facts.url},
        "datePublished": facts.published_at.isoformat(), "dateModified": facts.modified_at.isoformat(),
    }  # fmt: skip


def test_a_guide_that_only_lists_lead_to(report):
    found = report()
    assert found.findings == []
    Guide.objects.filter(slug="other-guide").update(body="How to begin stands here without a link.")
    [finding] = SiteAudit().report(Guide.objects.get(slug="how-to-begin")).findings
    assert (finding.grade, finding.rule) == (Grade.SHOULD, "orphan")
    assert "other-guide, line 1 (“how to begin”)" in finding.remedy


def test_two_guides_with_the_same_description(report):
    found = report(meta_description="The other guide, described.", target_keyword="other guide")
    assert ("must", "meta-description", "field meta_description") in rules(found)


def test_a_guide_not_revised_for_a_year(make_guide):
    make_guide(**OTHER)
    guide = make_guide(**TIDY)
    now = timezone.now()
    assert SiteAudit(now + timedelta(days=364)).report(guide).findings == []
    [finding] = SiteAudit(now + timedelta(days=366)).report(guide).findings
    assert (finding.grade, finding.rule) == (Grade.SHOULD, "stale")


def test_reports_on_every_guide_or_on_some(make_guide):
    make_guide(**OTHER)
    make_guide(**TIDY)
    assert [found.slug for found in SiteAudit().reports()] == ["how-to-begin", "other-guide"]
    assert [found.slug for found in SiteAudit().reports(["other-guide"])] == ["other-guide"]


@pytest.fixture
def folder(make_guide, tmp_path):
    """The two tidy guides as files."""
    make_guide(**OTHER)
    make_guide(**TIDY)
    export(tmp_path)
    return tmp_path


def run(*args, **options):
    out = StringIO()
    call_command("audit", *args, stdout=out, no_color=True, **options)
    return out.getvalue()


def test_the_command_prints_what_it_found(folder):
    out = run("how-to-begin")
    assert "how-to-begin: 54 words, reading ease" in out
    assert "eichdyn.co.uk › how-to-begin" in out
    assert "other-guide:" not in out
    assert "0 must be mended, 0 should be." in out


def test_the_command_fails_for_what_must_be_mended(folder):
    Guide.objects.filter(slug="how-to-begin").update(meta_title="", hero="")
    with pytest.raises(CommandError) as failure:
        run()
    assert failure.value.returncode == 1
    assert "1 must be mended" in str(failure.value)


def test_advice_fails_the_command_only_when_strict(folder):
    Guide.objects.filter(slug="how-to-begin").update(target_keyword="")
    assert "0 must be mended, 1 should be." in run()
    with pytest.raises(CommandError) as failure:
        run("--strict")
    assert failure.value.returncode == 2


def test_an_unknown_guide(folder):
    with pytest.raises(CommandError, match="no guide “nobody”; there are: how-to-begin, other-guide"):
        run("nobody")


def test_files_are_audited_and_not_kept(folder):
    changed = document(**{**TIDY, "body": BODY.replace("#reality)", "#nowhere)")})
    path = folder / "guides" / "how-to-begin.md"
    path.write_text(write(changed), encoding="utf-8")
    line = (
        path.read_text(encoding="utf-8")
        .split("\n")
        .index("A paragraph, see [above](#nowhere) and [the sheet](sheet.md).")
        + 1
    )
    before = set(Publication.objects.values_list("pk", flat=True))
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("audit", content=folder, stdout=out, no_color=True)
    assert f"must broken-link ({path}:{line})" in out.getvalue()
    assert Guide.objects.get(slug="how-to-begin").body == BODY
    assert set(Publication.objects.values_list("pk", flat=True)) == before
    assert CallToAction.objects.count() == 4


def test_only_what_the_files_say_counts(folder, make_guide):
    write_rows(
        Guide(), document(**{**OTHER, "slug": "left-out", "meta_title": "Left out", "meta_description": "Left."})
    )
    with loaded_from(folder):
        assert set(Guide.objects.values_list("slug", flat=True)) == {"how-to-begin", "other-guide"}
    assert Guide.objects.count() == 3


def test_a_file_that_cannot_be_loaded_is_named(folder):
    (folder / "guides" / "how-to-begin.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(CommandError, match="how-to-begin.md:1"):
        run(content=folder)
    assert Guide.objects.count() == 2
