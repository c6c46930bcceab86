import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from guides import roles

pytestmark = pytest.mark.django_db


def rights(name: str) -> set[str]:
    user = User.objects.create_user(f"a-{name}", is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user.get_all_permissions()


def test_the_loader_sets_the_roles_up_once(tmp_path, capsys):
    call_command("load_content", tmp_path)
    assert {"created: roles/Writer", "created: roles/Editor", "created: roles/Coach"} <= set(
        capsys.readouterr().out.splitlines()
    )
    assert roles.set_up() == [("unchanged", "Writer"), ("unchanged", "Editor"), ("unchanged", "Coach")]


def test_what_somebody_changed_stays_until_overwritten():
    roles.set_up()
    writer = Group.objects.get(name="Writer")
    writer.permissions.add(Permission.objects.get(codename="publish_guide"))
    assert ("skipped", "Writer") in roles.set_up()
    assert writer.permissions.filter(codename="publish_guide").exists()
    assert ("updated", "Writer") in roles.set_up(overwrite=True)
    assert not writer.permissions.filter(codename="publish_guide").exists()


def test_each_role_may_what_it_is_for():
    roles.set_up()
    writer, editor, coach = (rights(name) for name in roles.ROLES)
    assert {"guides.change_guide", "guides.view_guide", "guides.add_previewlink"} <= writer
    assert not writer & {
        "guides.publish_guide", "guides.add_slugredirect", "guides.add_figure", "guides.add_uploadedimage",
        "guides.delete_guide",
    }  # fmt: skip
    assert writer <= editor
    assert {
        "guides.publish_guide",
        "guides.add_slugredirect",
        "guides.add_uploadedimage",
        "guides.change_figure",
    } <= editor
    assert {right.partition(".")[0] for right in coach} == {"bookings"}
    assert not {right for right in writer | editor if right.startswith(("bookings.", "auth."))}


def test_nobody_is_given_the_administration_of_people_or_devices():
    roles.set_up()
    given = Permission.objects.filter(group__isnull=False).values_list("content_type__app_label", flat=True)
    assert set(given) <= {"guides", "readiness", "bookings"}


def test_a_right_that_does_not_exist_is_named():
    with pytest.raises(roles.UnknownRight, match="guides.fly_guide"):
        roles.permissions({"guides.guide": ("fly",)})


def test_rights_of_rooms_that_are_not_there_are_left_out():
    assert roles.permissions({"elsewhere.thing": ("view",)}) == []
