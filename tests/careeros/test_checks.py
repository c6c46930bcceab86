import pytest

from careeros import checks


@pytest.mark.parametrize(
    ("version", "is_at_fault"),
    [
        ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 45, 0), True), ((3, 50, 6), True),
        ((3, 50, 7), False), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 2), False), ((4, 0, 0), False),
    ],
)  # fmt: skip
def test_which_sqlite_has_the_wal_fault(version, is_at_fault):
    assert checks.has_wal_fault(version) is is_at_fault


def test_an_old_sqlite_is_told_of_where_it_is_used(monkeypatch, db):
    from django.db import connection

    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 40, 1))
    told = [message.id for message in checks.sqlite_is_recent(databases=["default"])]
    assert told == (["careeros.W001"] if connection.vendor == "sqlite" else [])
    assert checks.sqlite_is_recent(databases=None) == []


@pytest.mark.parametrize(
    ("check", "good", "bad", "told"),
    [
        (checks.mail_leaves_the_machine, {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
         {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, "careeros.W002"),
        (checks.clients_can_be_told_apart, {"TRUSTED_PROXIES": 1},
         {"TRUSTED_PROXIES": 0, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}, "careeros.W003"),
        (checks.hosts_are_named, {"ALLOWED_HOSTS": ["eichdyn.co.uk"]}, {"ALLOWED_HOSTS": ["*"]}, "careeros.E001"),
        (checks.canonical_origin_is_secure, {"SITE_ORIGIN": "https://eichdyn.co.uk", "HTTPS": True},
         {"SITE_ORIGIN": "http://eichdyn.co.uk", "HTTPS": True}, "careeros.E002"),
    ],
)  # fmt: skip
def test_a_deployment_that_is_not_what_it_should_be_is_told_with_a_way_out(settings, check, good, bad, told):
    for name, value in good.items():
        setattr(settings, name, value)
    assert check() == []
    for name, value in bad.items():
        setattr(settings, name, value)
    (message,) = check()
    assert message.id == told
    assert message.hint
