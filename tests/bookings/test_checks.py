import zoneinfo

import pytest

from bookings.checks import check_settings


def test_the_site_as_it_is_has_no_fault():
    assert check_settings() == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("DEFAULT_FROM_EMAIL", "nobody", "bookings.E001"),
        ("BOOKINGS_ORIGIN_IS_KNOWN", "nowhere.is_known", "bookings.E002"),
        ("OUTBOX_ALSO_DELIVERS", ["nowhere.send_due"], "bookings.E003"),
    ],
)
def test_a_wrong_setting_is_named_with_its_fix(settings, name, value, fault):
    setattr(settings, name, value)
    (message,) = check_settings()
    assert (message.id, bool(message.hint)) == (fault, True)


def test_the_machine_s_own_zone_data_is_warned_of():
    zoneinfo.reset_tzpath(to=["/usr/share/zoneinfo"])
    try:
        assert [message.id for message in check_settings()] == ["bookings.W001"]
    finally:
        zoneinfo.reset_tzpath(to=())
