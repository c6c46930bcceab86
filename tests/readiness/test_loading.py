import pytest
from django.core.management import CommandError, call_command

from readiness import loading
from readiness.models import Answer, Question, ScorecardMissing, Track, Verdict, current_scorecard
from readiness.scorecard import ScorecardError
from tests.readiness.conftest import SCORECARD_FILE

pytestmark = pytest.mark.django_db


def test_an_empty_database_is_filled_and_says_what_the_file_says():
    report = loading.load(SCORECARD_FILE)
    assert len(report.created) == 5 + 13 + 6
    assert current_scorecard() == loading.read(SCORECARD_FILE)


def test_a_second_load_changes_nothing():
    loading.load(SCORECARD_FILE)
    report = loading.load(SCORECARD_FILE)
    assert (report.created, report.updated, report.skipped) == ([], [], [])
    assert len(report.unchanged) == 24
    assert Answer.objects.count() == 4 * 13


def test_what_an_editor_changed_stays_and_is_named(tmp_path):
    loading.load(SCORECARD_FILE)
    Question.objects.filter(slug="mentoring").update(text="An editor’s words?")
    Answer.objects.filter(question__slug="story", level=0).update(claim="An editor’s claim")
    Track.objects.filter(key="delivery").update(none="An editor’s words")
    Verdict.objects.filter(key="ready").update(headline="An editor’s headline")
    report = loading.load(SCORECARD_FILE)
    assert report.skipped == ["tracks/delivery", "questions/mentoring", "questions/story", "verdicts/ready"]
    assert Question.objects.get(slug="mentoring").text == "An editor’s words?"
    assert Answer.objects.get(question__slug="story", level=0).claim == "An editor’s claim"
    assert Verdict.objects.get(key="ready").headline == "An editor’s headline"


def test_a_question_an_editor_took_out_stays_out():
    loading.load(SCORECARD_FILE)
    Question.objects.filter(slug="hiring").update(is_asked=False)
    assert loading.load(SCORECARD_FILE).skipped == ["questions/hiring"]
    assert current_scorecard().question("hiring") is None
    assert current_scorecard().retired == {"h"}


def test_a_changed_file_updates_what_nobody_touched(tmp_path):
    loading.load(SCORECARD_FILE)
    changed = tmp_path / "scorecard.yaml"
    text = SCORECARD_FILE.read_text(encoding="utf-8")
    changed.write_text(text.replace("Nothing comes to mind", "Nothing yet"), encoding="utf-8")
    assert loading.load(changed).updated == ["questions/mentoring"]
    assert current_scorecard() == loading.read(changed)


def test_a_file_that_cannot_be_used_is_named_and_nothing_is_kept(tmp_path):
    broken = tmp_path / "scorecard.yaml"
    broken.write_text(SCORECARD_FILE.read_text(encoding="utf-8").replace("part: narrative", "part: luck"))
    with pytest.raises(ScorecardError, match="scorecard.yaml: question “story”: there is no part “luck”"):
        loading.load(broken)
    broken.write_text("tracks: [")
    with pytest.raises(CommandError, match="scorecard.yaml"):
        call_command("load_scorecard", str(broken))
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_scorecard", str(tmp_path / "none.yaml"))
    assert not Track.objects.exists()


def test_the_command_says_what_it_did(capsys):
    call_command("load_scorecard", str(SCORECARD_FILE))
    assert "created: questions/mentoring" in capsys.readouterr().out
    Question.objects.filter(slug="mentoring").update(text="An editor’s words?")
    call_command("load_scorecard", str(SCORECARD_FILE))
    out = capsys.readouterr().out
    assert "kept as an editor left it: questions/mentoring" in out
    assert "23 unchanged." in out


def test_without_rows_there_is_no_scorecard():
    with pytest.raises(ScorecardMissing, match="load_scorecard"):
        current_scorecard()


def test_the_whole_scorecard_takes_four_queries(django_assert_num_queries):
    loading.load(SCORECARD_FILE)
    with django_assert_num_queries(4):
        current_scorecard()
