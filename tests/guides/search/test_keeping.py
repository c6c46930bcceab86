from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from guides.models import Publication, SearchSection, SearchWord
from guides.publishing import publish
from guides.search import keeping
from guides.search.find import search

pytestmark = pytest.mark.django_db


def indexed() -> set[int]:
    return set(SearchSection.objects.values_list("publication", flat=True))


def test_only_what_readers_see_or_will_see_is_kept(make_guide):
    guide = make_guide()
    publish(guide)
    live = publish(guide)
    waiting = publish(guide, at=timezone.now() + timedelta(days=1))
    assert indexed() == {live.pk, waiting.pk}


def test_when_the_newest_publication_goes_the_one_before_is_found_again(make_guide):
    guide = make_guide(title="Zeppelin")
    guide.title = "Balloon"
    guide.save()
    publish(guide).delete()
    assert [found.url for found in search("zeppelin").guides] == ["/how-to-begin/"]


def test_deleting_a_guide_leaves_nothing(make_guide):
    make_guide().delete()
    assert SearchSection.objects.count() == 0


def test_publications_from_before_the_index_are_completed(make_guide):
    make_guide()
    SearchSection.objects.all().delete()
    keeping.complete()
    assert indexed() == set(Publication.objects.values_list("pk", flat=True))


def test_a_rebuild_makes_the_same_index_and_forgets_old_words(make_guide, capsys):
    make_guide()
    SearchWord.objects.create(word="zeppelin", length=8)
    before = list(SearchSection.objects.values_list("position", "anchor", "title", "heading", "text"))
    call_command("rebuild_search")
    assert list(SearchSection.objects.values_list("position", "anchor", "title", "heading", "text")) == before
    assert not SearchWord.objects.filter(word="zeppelin").exists()
    assert capsys.readouterr().out == f"{len(before)} sections can be found.\n"


def test_words_are_kept_folded_and_in_small_letters(make_guide):
    make_guide(body="Éclair, DÉJÀ-vu and cv 1234")
    assert set(SearchWord.objects.filter(word__in=["eclair", "deja", "cv", "1234"]).values_list("word", flat=True)) == {
        "eclair", "deja",
    }  # fmt: skip
