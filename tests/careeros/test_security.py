import pytest

from careeros.security import ADMIN, PUBLIC, content_security_policy


def test_the_public_policy_allows_nothing_inline_and_no_other_origin():
    policy = content_security_policy(PUBLIC, https=True)
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert policy.endswith("; upgrade-insecure-requests")
    assert "upgrade" not in content_security_policy(PUBLIC, https=False)


def test_the_admins_policy_differs_only_where_its_scripts_need_it():
    assert {name for name in PUBLIC if PUBLIC[name] != ADMIN.get(name)} == {
        "img-src", "require-trusted-types-for", "trusted-types",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/guides/", "/nothing/", "/healthz", "/privacy/", "/admin/login/", "/diagnosis/"]
)
def test_every_response_carries_the_headers(client, path):
    response = client.get(path)
    policy = "default-src 'none'; script-src 'self'; style-src 'self'"
    assert response["Content-Security-Policy"].startswith(policy)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"]
    assert ("trusted-types" in response["Content-Security-Policy"]) is not path.startswith("/admin/")
