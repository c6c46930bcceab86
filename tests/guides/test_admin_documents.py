"""A guide as one text, and two editors at one guide."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guides.document import FAQEntry, parse, write
from guides.models import FAQ, Guide, KeptCopy, Publication
from guides.working_copy import document_of, version
from tests.guides.conftest import document
from tests.guides.editors import address, change, messages, opened, page, words


@pytest.fixture
def guide(make_guide):
    make_guide(slug="other-guide", short_title="Other")
    return make_guide(related=())


def saved(guide):
    return document_of(Guide.objects.get(pk=guide.pk))


def upload(client, guide, text, **data):
    file = SimpleUploadedFile("guide.md", text if isinstance(text, bytes) else text.encode())
    return client.post(address(guide, "document"), {"file": file, "seen": version(guide), **data}, follow=True)


def typed_text(response) -> str:
    return page(response).find("textarea", id="id_text").get_text().removeprefix("\n")


def test_what_is_downloaded_is_the_working_copy(admin_client, guide):
    response = admin_client.get(address(guide, "download"))
    assert parse(response.content.decode()) == document()
    assert response["Content-Disposition"] == 'attachment; filename="how-to-begin.md"'


def test_an_uploaded_file_becomes_the_working_copy_and_nothing_more(admin_client, guide, client):
    before = client.get("/how-to-begin/").content
    new = document(lead="From a file.", related=("other-guide",))
    response = upload(admin_client, guide, write(new))
    assert saved(guide) == new
    assert "Saved. Readers see no difference until you publish." in messages(response)
    assert (client.get("/how-to-begin/").content, Publication.objects.filter(guide=guide).count()) == (before, 1)


def test_an_unpublished_text_that_a_file_replaces_is_kept(admin_client, guide):
    Guide.objects.filter(pk=guide.pk).update(lead="Only saved.")
    guide.refresh_from_db()
    upload(admin_client, guide, write(document(lead="From a file.")))
    assert "Only saved." in KeptCopy.objects.get().document


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no front matter", "Line 1: a file begins with a line of three dashes"),
        (write(document()).replace("kind: guide\n", "kind: novel\n"), "Line 5: “kind” must be one of"),
        (write(document(title="x" * 201)), "200 characters"),
        (write(document(slug="other-guide")), "already exists"),
        (b"---\nt: \xff\n---\n", "The file is not UTF-8 text."),
        ("x" * 200_001, "The file is larger than 200 kB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(admin_client, guide, text, reason):
    response = upload(admin_client, guide, text)
    assert (response.status_code, reason in words(response)) == (422, True)
    assert saved(guide) == document()
    assert KeptCopy.objects.count() == 0


def test_a_text_edited_in_the_page_is_saved_and_a_wrong_one_stays_to_be_mended(admin_client, guide):
    text = typed_text(admin_client.get(address(guide, "document")))
    assert parse(text) == document()
    wrong = text.replace("kind: guide", "kind: novel")
    response = admin_client.post(address(guide, "document"), {"text": wrong, "seen": version(guide)})
    assert typed_text(response) == wrong
    right = text.replace("Begin here.", "Begin there.")
    admin_client.post(address(guide, "document"), {"text": right, "seen": version(guide)})
    assert saved(guide).lead == "Begin there."


def test_the_second_save_of_a_stale_form_is_refused_and_loses_nothing(admin_client, guide):
    mine = opened(admin_client, guide)
    theirs = {**opened(admin_client, guide), "lead": "Theirs."}
    assert admin_client.post(change(guide), theirs).status_code == 302
    mine |= {"lead": "Mine.", "faq-0-answer": "My answer.", "body": mine["body"] + "\r\n\r\nMy paragraph."}
    response = admin_client.post(change(guide), mine)
    assert response.status_code == 409
    assert saved(guide) == document(lead="Theirs.")
    soup = page(response)
    assert [tag.get_text() for tag in soup.select("table.comparison")[0].find_all(["del", "ins"])] == [
        "Theirs.",
        "Mine.",
    ]
    yours = parse(typed_text(response))
    assert (yours.lead, yours.faq[0].answer) == ("Mine.", "My answer.")
    assert yours.body == document().body + "\n\nMy paragraph."


def test_after_the_refusal_the_person_decides_and_their_choice_is_saved_whole(admin_client, guide):
    mine = {**opened(admin_client, guide), "lead": "Mine."}
    admin_client.post(change(guide), {**opened(admin_client, guide), "lead": "Theirs."})
    refused = admin_client.post(change(guide), mine)
    seen = page(refused).select_one("form [name=seen]")["value"]
    admin_client.post(address(guide, "document"), {"text": typed_text(refused), "seen": seen})
    assert saved(guide) == document(lead="Mine.")
    assert "Theirs." in KeptCopy.objects.get().document


def test_a_third_save_in_between_is_refused_again(admin_client, guide):
    stale = version(guide)
    admin_client.post(change(guide), {**opened(admin_client, guide), "lead": "Theirs."})
    text = write(document(lead="Mine."))
    response = admin_client.post(address(guide, "document"), {"text": text, "seen": stale})
    assert (response.status_code, typed_text(response)) == (409, text)
    assert saved(guide).lead == "Theirs."


def test_rows_that_somebody_deleted_meanwhile_are_still_in_the_refused_text(admin_client, guide):
    mine = opened(admin_client, guide)
    FAQ.objects.filter(guide=guide).delete()
    assert parse(typed_text(admin_client.post(change(guide), mine))) == document()


def test_a_refused_text_that_is_no_document_is_kept_as_typed(admin_client, guide):
    mine = {**opened(admin_client, guide), "slug": "No Slug!", "lead": "Mine."}
    admin_client.post(change(guide), {**opened(admin_client, guide), "lead": "Theirs."})
    response = admin_client.post(change(guide), mine)
    assert "“slug” may hold small letters" in words(response)
    assert "lead: Mine." in typed_text(response)


def test_typed_rows_are_read_in_their_order_without_those_marked_for_deletion(admin_client, guide):
    mine = opened(admin_client, guide)
    mine |= {"faq-0-position": "9", "faq-TOTAL_FORMS": "3", "faq-2-question": "New?", "faq-2-answer": "Yes.",
             "faq-2-position": "0", "links-0-DELETE": "on", "figures-0-key": "no bar"}  # fmt: skip
    FAQ.objects.filter(guide=guide).delete()
    typed = parse(typed_text(admin_client.post(change(guide), mine)))
    assert [entry.question for entry in typed.faq] == ["Is it <long> & hard?", "Is it hard?", "New?"]
    assert typed.links == ()
    assert typed.figures[0].key[0].term == "no bar"


def test_a_new_row_comes_last(admin_client, guide):
    data = opened(admin_client, guide)
    data |= {"faq-TOTAL_FORMS": "3", "faq-2-id": "", "faq-2-guide": guide.pk, "faq-2-question": "New?",
             "faq-2-answer": "Yes.", "faq-2-position": "0"}  # fmt: skip
    assert admin_client.post(change(guide), data).status_code == 302
    assert saved(guide).faq[-1] == FAQEntry("New?", "Yes.")


def test_lines_that_a_browser_sends_are_the_documents_lines(admin_client, guide):
    data = {**opened(admin_client, guide), "faq-0-answer": "One.\r\n\r\nTwo.", "figures-0-caption": "A\r\nB"}
    assert admin_client.post(change(guide), data).status_code == 302
    assert (saved(guide).faq[0].answer, saved(guide).figures[0].caption) == ("One.\n\nTwo.", "A\nB")


def test_a_control_character_is_refused_with_its_line(admin_client, guide):
    response = admin_client.post(change(guide), {**opened(admin_client, guide), "body": "One.\n\nTwo\x0b."})
    assert "Line 3 holds a control character" in words(response)


def test_who_may_only_look_may_download_and_not_upload(admin_client, guide, client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("looker", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_guide"))
    client.force_login(user)
    assert client.get(address(guide, "download")).status_code == 200
    assert client.get(address(guide, "document")).status_code == 403
    assert upload(client, guide, write(document(lead="x"))).status_code == 403
