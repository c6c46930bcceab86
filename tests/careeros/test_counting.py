import pytest
from django.db import OperationalError, connection

from careeros.counting import in_passing
from guides.models import MissedAddress


def patience() -> str:
    """How long a statement waits for another writer, as the database says it."""
    question = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout"
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_only_the_count_is_impatient():
    usual, seen = patience(), []
    in_passing("A page", lambda: seen.append(patience()))
    assert seen == ["100" if connection.vendor == "sqlite" else "100ms"]
    assert patience() == usual


@pytest.mark.django_db(transaction=True)
def test_a_count_that_fails_is_logged_leaves_nothing_half_written_and_is_impatient_no_more(caplog):
    usual = patience()

    def half():
        MissedAddress.objects.create(path="half")
        raise OperationalError("database is locked\nDETAIL: sam@example.org")

    in_passing("A page", half)
    assert caplog.messages == ["A page was not counted. OperationalError: database is locked"]
    assert not MissedAddress.objects.exists()
    assert patience() == usual


@pytest.mark.django_db
def test_a_mistake_of_ours_is_not_passed_over():
    with pytest.raises(ZeroDivisionError):
        in_passing("A page", lambda: 1 / 0)
