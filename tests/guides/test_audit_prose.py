"""Advice on sentences and paragraphs, and on links between guides."""

import pytest

from guides.audit import prose_rules
from guides.audit.findings import Grade, Place
from guides.audit.link_graph import LinkGraph, Suggestion, orphan
from guides.audit.prose_rules import PASSIVE
from guides.audit.served_page import read
from guides.document import FAQEntry, GuideDocument


def found(text, body=""):
    return list(prose_rules.prose(read(f'<article class="prose"><p>{text}</p></article>'), body or text))


def test_plain_prose_has_no_finding():
    assert not found("You hold regular 1:1s. They tell you what hurts. It was just agreed.")


def test_a_long_sentence_and_its_line():
    sentence = "It " + "goes " * 34 + "on."
    [finding] = found(f"Short. {sentence}", f"## Heading\n\nShort. {sentence}")
    assert (finding.grade, finding.rule, finding.place) == (Grade.SHOULD, "long-sentence", Place(line=3))
    assert "36 words" in finding.reason
    assert not found("It " + "goes " * 33 + "on.")


def test_a_long_paragraph():
    assert [finding.rule for finding in found("One two three four. " * 31)] == ["long-paragraph"]
    assert not found("One two three four. " * 30)


def test_a_run_of_passives():
    run = "It was decided. They were told. The code is written by others."
    [finding] = found(run)
    assert finding.rule == "passive-run"
    assert finding.reason.startswith("3 sentences in a row")
    assert not found("It was decided. They were told. You write the code. It was merged. It is kept.")


@pytest.mark.parametrize("sentence", ["is needed", "was quickly fixed", "were never told", "has been led", "is kept"])
def test_knows_the_passive(sentence):
    assert PASSIVE.search(f"It {sentence}.")


@pytest.mark.parametrize("sentence", ["is a need", "is red", "was tired", "decided", "will be late", "is used to it"])
def test_knows_what_is_not_passive(sentence):
    assert not PASSIVE.search(f"It {sentence}.")


def test_filler():
    assert [finding.rule for finding in found("It is very good and quite nice, really.")] == ["filler"]
    assert not found("It is very good, rather than quite nice.")
    [padding] = found("When it comes to teams, size matters.")
    assert "“When it comes to” says nothing" in padding.reason


def test_findings_in_answers_name_the_question():
    page = read(
        '<article class="prose"><section class="faq"><details><summary>Q</summary><div class="answer">'
        f"<p>{'It goes on and ' * 10}on.</p></div></details></section></article>"
    )
    [finding] = prose_rules.prose(page, "")
    assert finding.place == Place(faq=1)


def guide(slug, body="", keyword="", faq=()):
    return GuideDocument(slug.title(), slug, slug, target_keyword=keyword, body=body, faq=faq)


def test_steps_between_guides():
    graph = LinkGraph(
        [
            guide("a", "See [b](/b/) and [itself](/a/), [no guide](/z/), [out](https://example.org/d/)."),
            guide("b", faq=(FAQEntry("Q", "See [c](/c/#part)."),)),
            guide("c", "[a](/a/?x=y)"),
            guide("d"),
        ]
    )
    assert graph.outgoing == {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()}
    assert graph.linking_to("a") == {"c"}
    assert graph.steps("a") == {"a": 0, "b": 1, "c": 2}
    assert graph.steps("d") == {"d": 0}


def test_a_guide_nobody_links_to_and_who_could():
    graph = LinkGraph(
        [
            guide("resume", keyword="manager resume"),
            guide("a", "Intro.\n\n## A manager resume\n\nYour Manager Resume matters, not [a manager resume](/x/)."),
            guide("b", "A [manager resume](/b/) only as a link."),
        ]
    )
    assert list(graph.suggestions("resume")) == [Suggestion("a", 5, "manager resume")]
    [finding] = orphan(graph, "resume")
    assert (finding.grade, finding.rule) == (Grade.SHOULD, "orphan")
    assert "a, line 5 (“manager resume”)" in finding.remedy


def test_a_guide_somebody_links_to_and_a_single_guide_are_no_orphans():
    graph = LinkGraph([guide("a", "[b](/b/)"), guide("b")])
    assert not list(orphan(graph, "b"))
    assert [finding.rule for finding in orphan(graph, "a")] == ["orphan"]
    assert not list(orphan(LinkGraph([guide("a")]), "a"))
