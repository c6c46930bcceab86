from datetime import timedelta

import pytest

from bookings.submission import LIFETIME, StaleSubmission, Submission
from tests.bookings.conftest import NOW


def test_a_signed_field_comes_back_whole_until_it_is_too_old():
    issued = Submission.issue(NOW)
    assert Submission.read(issued.signed(), NOW + LIFETIME) == issued
    with pytest.raises(StaleSubmission):
        Submission.read(issued.signed(), NOW + LIFETIME + timedelta(seconds=1))


def test_a_changed_or_invented_field_is_refused():
    signed = Submission.issue(NOW).signed()
    for forged in ("", "x", signed[:-1], "A" + signed):
        with pytest.raises(StaleSubmission):
            Submission.read(forged, NOW)
