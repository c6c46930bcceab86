import copy

import pytest
import yaml

from readiness.scorecard import AREAS, PARTS, ScorecardError, from_data
from tests.readiness.conftest import SCORECARD_FILE

DATA = yaml.safe_load(SCORECARD_FILE.read_text(encoding="utf-8"))


def test_the_shipped_scorecard_covers_the_framework_and_the_evidence_areas():
    card = from_data(DATA)
    assert 10 <= len(card.questions) <= 14
    assert {question.part for question in card.questions} == set(PARTS)
    assert {question.area for question in card.questions} - {""} == set(AREAS.values())
    assert [track.name for track in card.tracks] == [
        "Role target", "People leadership", "Delivery", "Stakeholder trust", "Positioning",
    ]  # fmt: skip
    assert [question.track for question in card.questions if question.answers[0].warning] == [
        "role-target", "people-leadership", "people-leadership",
    ]  # fmt: skip


def test_the_questions_follow_the_order_of_the_framework():
    parts = [question.part for question in from_data(DATA).questions]
    assert parts == sorted(parts, key=list(PARTS).index)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data["questions"][0].pop("gap"), "question “role”: “gap” is missing"),
        (lambda data: data["questions"][0].update(colour="red"), "there is no “colour” here"),
        (lambda data: data["questions"][0].update(part="luck"), "question “role”: there is no part “luck”"),
        (lambda data: data["questions"][0].update(area="Luck"), "question “role”: there is no evidence area “Luck”"),
        (lambda data: data["questions"][0].update(track="luck"), "question “role”: there is no track “luck”"),
        (lambda data: data["questions"][0].update(weight=4), "question “role”: the weight must be 1, 2 or 3"),
        (lambda data: data["questions"][0].update(weight="two"), "question “role”: the weight must be a whole number"),
        (lambda data: data["questions"][0].update(code="rr"), "question “role”: the code must be one small letter"),
        (lambda data: data["questions"][0].update(code="m"), "two questions have the code “m”"),
        (lambda data: data["questions"][0]["answers"].pop(), "question “role”: there must be four answers"),
        (lambda data: data["questions"][0].update(text=None), "question “role”, text: text is expected here"),
        (lambda data: data["tracks"][0]["words"].pop(), "track “role-target”: there must be words for five levels"),
        (lambda data: data["verdicts"].pop(), "the verdict “ready” is missing"),
        (lambda data: data.update(tracks={}), "tracks: a list is expected here"),
        (lambda data: data["tracks"].insert(0, "x"), "a track: names and values are expected here"),
    ],
)
def test_a_scorecard_that_does_not_fit_together_is_refused_in_words(change, words):
    data = copy.deepcopy(DATA)
    change(data)
    with pytest.raises(ScorecardError) as refusal:
        from_data(data)
    assert words in str(refusal.value)
