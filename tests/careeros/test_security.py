import base64
import hashlib
import re
from pathlib import Path

import pytest

from careeros.security import ADMIN, PUBLIC, content_security_policy

ROOT = Path(__file__).resolve().parents[2]


def test_the_public_policy_allows_nothing_inline_and_no_other_origin():
    policy = content_security_policy(PUBLIC, https=True)
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert policy.endswith("; upgrade-insecure-requests")
    assert "upgrade" not in content_security_policy(PUBLIC, https=False)


def test_the_admins_policy_differs_only_where_its_scripts_and_previews_need_it():
    assert {name for name in PUBLIC if PUBLIC[name] != ADMIN.get(name)} == {
        "img-src", "require-trusted-types-for", "trusted-types",
    }  # fmt: skip
    assert {name: value for name, value in ADMIN.items() if name not in PUBLIC} == {"frame-src": "'self'"}


HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", "", 200),
        ("GET", "/guides/", "", 200),
        ("GET", "/nothing/", "", 404),
        ("GET", "/static/nothing.css", "", 404),
        ("GET", "/media/nothing.png", "", 404),
        ("GET", "/healthz", "", 200),
        ("GET", "/privacy/", "", 200),
        ("GET", "/admin/", "", 302),
        ("GET", "/admin/login/", "", 200),
        ("GET", "/diagnosis/", "", 503),  # no coach
        ("TRACE", "/", "", 405),
        ("PUT", "/admin/login/", "", 405),
        ("GET", "/%00/", "", 400),
        ("POST", "/diagnosis/", "a=" + "x" * 300_000, 413),
        ("POST", "/diagnosis/", "a=1&" * 101, 400),
    ],
)
def test_every_response_carries_the_headers(client, method, path, body, status):
    response = client.generic(method, path, body, "application/x-www-form-urlencoded", secure=True)
    assert response.status_code == status
    # From a page with somebody's booking no address goes anywhere.
    expected = HEADERS | ({"Referrer-Policy": "no-referrer"} if status == 503 else {})
    assert {name: response.headers.get(name) for name in HEADERS} == expected
    policy = ADMIN if path.startswith("/admin/") else PUBLIC
    assert response["Content-Security-Policy"] == content_security_policy(policy, https=True)


def test_our_own_files_may_do_nothing_and_are_for_our_own_pages(client, settings):
    settings.WHITENOISE_USE_FINDERS = True  # nothing is collected here
    answer = client.head("/static/js/site.js")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    )
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/static/nothing.css", "/media/nothing.png"])
def test_the_page_that_says_a_file_is_missing_looks_like_ours(client, path):
    missing, page = client.get(path), client.get("/")
    assert (missing.status_code, page.status_code) == (404, 200)
    assert missing["Content-Type"].startswith("text/html")
    assert missing["Content-Security-Policy"] == page["Content-Security-Policy"]


# ---- what may come in


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "made-up"])
@pytest.mark.parametrize("path", ["/", "/diagnosis/", "/admin/login/", "/static/js/site.js"])
def test_only_reading_and_sending_forms_is_understood(client, method, path):
    answer = client.generic(method, path, HTTP_COOKIE="secret=1", HTTP_X_SECRET="reflected")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"
    assert b"reflected" not in answer.content
    assert "Content-Security-Policy" in answer


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["host", "x-forwarded-host", "x-host", "forwarded"])
@pytest.mark.parametrize(
    "path",
    ["/", "/guides/", "/nothing/", "/diagnosis/", "/admin/", "/admin/login/", "/.well-known/security.txt", "/guides"],
)
def test_no_host_of_the_clients_is_repeated(client, name, path):
    answer = client.get(path, headers={name: "evil.example"})
    told = answer.content.decode() + str(dict(answer.headers))
    assert "evil.example" not in told
    assert answer.status_code == 400 if name == "host" else answer.status_code != 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/%00/", "/guides/?q=%00", "/diagnosis/?slot=2027\0", "/diagnosis/a%00b/", "/admin/?next=%00"]
)
def test_nul_in_an_address_is_refused(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/diagnosis/", 256 * 1024 + 1, 413),
        ("/diagnosis/", 10 * 1024 * 1024, 413),
        ("/admin/login/", 300 * 1024, 413),
        ("/admin/guides/guide/1/change/", 600 * 1024, 413),
        ("/admin/guides/uploadedimage/add/", 33 * 1024 * 1024, 413),
    ],
)
def test_a_body_that_is_too_large_is_refused_in_words(client, path, size, status):
    for content_type in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
        answer = client.generic("POST", path, b"a=" + b"x" * size, content_type=content_type)
        assert answer.status_code == status, content_type
        assert "go back one page in your browser to find what you typed" in answer.content.decode()


def test_what_is_refused_says_by_which_reference_it_stands_in_the_log(client):
    from careeros.logs import request_id

    token = request_id.set("f" * 32)
    page = client.put("/").content.decode()
    request_id.reset(token)
    assert f"<code>{'f' * 32}</code>" in page


@pytest.mark.django_db
def test_a_large_upload_is_refused_before_it_is_read(client):
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + b"x" * 300_000 + b"\r\n--x--\r\n"
    assert (
        client.generic("POST", "/diagnosis/", body, content_type="multipart/form-data; boundary=x").status_code == 413
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/admin/login/", 257 * 1024, 413),
        ("/admin/bookings/booking/", 257 * 1024, 413),
        ("/admin/guides/guide/1/document/", 400 * 1024, 302),
        ("/admin/guides/guide/1/document/", 513 * 1024, 413),
        ("/admin/guides/uploadedimage/add/", 32 * 1024 * 1024 - 100, 302),
        ("/admin/guides/uploadedimage/add/", 32 * 1024 * 1024 + 1, 413),
    ],
)
def test_only_where_files_come_in_is_more_taken_and_how_much_depends_on_the_file(client, path, size, status):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = head + b"x" * (size - len(head)) + b"\r\n--x--\r\n"
    answer = client.generic("POST", path, body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "most"), [("/diagnosis/", 100), ("/cv-line-check/", 100), ("/admin/login/", 1000)])
def test_a_multipart_form_has_no_more_fields_than_another(client, path, most):
    def sent(fields):
        parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n\r\n' for n in range(fields))
        return client.generic("POST", path, parts + "--x--\r\n", content_type="multipart/form-data; boundary=x")

    assert sent(most + 1).status_code == 400
    assert sent(most).status_code != 400


@pytest.mark.django_db
def test_a_form_has_at_most_a_hundred_fields(client):
    assert client.post("/diagnosis/", "&".join(f"f{n}=" for n in range(101)), content_type=FORM).status_code == 400
    assert client.post("/diagnosis/", "&".join(f"f{n}=" for n in range(100)), content_type=FORM).status_code != 400


FORM = "application/x-www-form-urlencoded"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/diagnosis/", "/diagnosis/made-up/cancel/", "/admin/login/"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=%00&email=%00&slot=%00&form=%00&username=%00&password=%00&from=%00&cta=%00&tz=%00", FORM),
        (b"name=\x01\x1b[31m&email=a%0d%0abcc:x@example.org&slot=9999-99-99T99:99Z&tz=../../etc/passwd", FORM),
        (b"name=%ff%fe&email=%c3%28&slot=%f0%28%8c%28", FORM),
        ("name=\ud800&slot=٢٠٢٧".encode("utf-8", "surrogatepass"), FORM),
        (b"name=x", "application/x-www-form-urlencoded; charset=no-such-charset"),
        (b"name=x", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"{}", "application/json"),
        (b"\x1f\x8b\x08\x00", "application/octet-stream"),
        (b"no boundary", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=" + "x" * 300),
        (b"", ""),
    ],
)
def test_no_form_breaks(path, body, content_type):
    from django.core.management import call_command
    from django.test import Client

    call_command("load_bookings_defaults", verbosity=0)
    answer = Client(raise_request_exception=False).generic("POST", path, body, content_type=content_type)
    assert answer.status_code < 500, answer.content[:200]
    assert "Content-Security-Policy" in answer


# ---- what people uploaded, scripts of our own, and the pages of machines


@pytest.mark.parametrize(
    ("name", "content_type", "disposition"),
    [
        ("team.png", "image/png", "inline"),
        ("team.WEBP", "image/webp", "inline"),
        ("page.html", "application/octet-stream", "attachment"),
        ("drawing.svg", "application/octet-stream", "attachment"),
        ("team.png.html", "application/octet-stream", "attachment"),
        ("no-ending", "application/octet-stream", "attachment"),
    ],
)
def test_uploaded_files_cannot_run(db, client, settings, tmp_path, name, content_type, disposition):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / name).write_bytes(b"<script>alert(1)</script>")
    answer = client.get(f"/media/{name}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == content_type
    assert answer.get("Content-Disposition").partition(";")[0] == disposition
    assert b"".join(answer.streaming_content).startswith(b"<script>")
    answer.close()
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["../secret-key", "..%2fsecret-key", ".hidden", "a/../../secret-key", "/etc/passwd", "", "folder/"]
)
def test_nothing_beside_the_uploaded_files_is_served(client, settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "folder").mkdir(parents=True)
    (tmp_path / "secret-key").write_text("secret")
    (tmp_path / "media" / ".hidden").write_text("secret")
    answer = client.get(f"/media/{name}")
    assert answer.status_code in (301, 302, 404)


@pytest.mark.django_db
def test_every_script_of_a_page_is_named_with_its_digest(client):
    scripts = re.findall(r'<script src="/static/([^"]+)" integrity="sha384-([^"]+)"', client.get("/").content.decode())
    assert len(scripts) == client.get("/").content.decode().count("<script src=") > 0
    for name, digest in scripts:
        file = ROOT / "static" / name
        assert base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode() == digest


OURS = re.compile(r"<script\b[^>]*>")


def test_no_template_names_a_script_of_ours_without_its_digest():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    tags = {tag for template in templates for tag in OURS.findall(template.read_text()) if "src=" in tag}
    assert len(tags) > 5
    for tag in tags:
        path = re.search(r"""{% static ['"]([^'"]+)""", tag)[1]
        assert re.search(rf"""integrity="{{% integrity ['"]{re.escape(path)}['"] %}}\"""", tag), tag


def test_the_digest_is_that_of_the_bytes_that_are_served(settings, tmp_path):
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.management import call_command

    from careeros.templatetags.integrity import integrity

    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "careeros.static_files.StaticFiles"},
    }
    call_command("collectstatic", "--no-input", verbosity=0)
    scripts = [str(file.relative_to(ROOT / "static")) for file in (ROOT / "static").rglob("*.js")]
    assert len(scripts) > 5
    for script in scripts:
        served = tmp_path / staticfiles_storage.url(script).removeprefix("/static/")
        assert re.search(r"\.[0-9a-f]{12}\.js$", served.name)
        expected = base64.b64encode(hashlib.sha384(served.read_bytes()).digest()).decode()
        assert integrity(script) == f"sha384-{expected}"


def test_security_txt_names_a_contact_and_a_date_less_than_a_year_ahead(client, settings):
    from datetime import datetime, timedelta

    from django.utils import timezone

    settings.SECURITY_CONTACT = "mailto:safe@example.org"
    answer = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert lines["Contact"] == "mailto:safe@example.org"
    assert lines["Canonical"] == "https://eichdyn.co.uk/.well-known/security.txt"
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)


@pytest.mark.django_db
def test_signing_in_leads_nowhere_else(client, django_user_model):
    django_user_model.objects.create_superuser("boss", "boss@example.org", "a long enough password")
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = client.post(
            f"/admin/login/?next={elsewhere}",
            {"username": "boss", "password": "a long enough password", "next": elsewhere},
        )
        assert answer["Location"] == "/admin/second-factor/?next=%2Fadmin%2F"
        client.logout()
