"""The three roles that the content loader sets up: groups, to be given to people under Users in the admin.

Rights are named by text, because a role may reach into other rooms, which this one does not import.
"""

from collections.abc import Mapping

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

Rights = Mapping[str, tuple[str, ...]]
"""Model label (`app.model`) to the verbs of its permissions; a verb and its model make the codename."""

EVERYTHING = ("view", "add", "change", "delete")

WRITER: Rights = {
    "guides.guide": ("view", "add", "change"),
    "guides.faq": EVERYTHING,
    "guides.internallink": EVERYTHING,
    "guides.relatedguide": EVERYTHING,
    "guides.previewlink": ("view", "add", "change"),
    "guides.keptcopy": ("view",),
    "guides.publication": ("view",),
    "guides.figure": ("view",),
    "guides.uploadedimage": ("view",),
    "guides.calltoaction": ("view",),
    "guides.siteprofile": ("view",),
    "guides.slugredirect": ("view",),
    "guides.indexnowsubmission": ("view",),
    "guides.missedaddress": ("view",),
    "readiness.question": ("view",),
    "readiness.answer": ("view",),
    "readiness.track": ("view",),
    "readiness.verdict": ("view",),
}
EDITOR: Rights = {
    **WRITER,
    "guides.guide": (*EVERYTHING, "publish"),
    "guides.previewlink": EVERYTHING,
    "guides.figure": EVERYTHING,
    "guides.uploadedimage": EVERYTHING,
    "guides.calltoaction": EVERYTHING,
    "guides.siteprofile": ("view", "add", "change"),
    "guides.slugredirect": EVERYTHING,
    "guides.missedaddress": EVERYTHING,
    "readiness.question": ("view", "add", "change"),
    "readiness.answer": EVERYTHING,
    "readiness.track": ("view", "add", "change"),
    "readiness.verdict": ("view", "change"),
}
COACH: Rights = {
    "bookings.booking": ("view", "add", "change"),
    "bookings.coach": ("view", "change"),
    "bookings.weeklyhours": EVERYTHING,
    "bookings.dateoverride": EVERYTHING,
    "bookings.blockedtime": ("view", "add", "delete"),
    "bookings.outboxemail": ("view", "change"),  # what is changed is when: a mail is sent again, never edited
    "bookings.calltoactioncount": ("view",),
}
ROLES: Mapping[str, Rights] = {"Writer": WRITER, "Editor": EDITOR, "Coach": COACH}


class UnknownRight(LookupError):
    """A role names a right that an installed app does not have: a mistake of ours."""


@transaction.atomic
def set_up(*, overwrite: bool = False) -> list[tuple[str, str]]:
    """Create the roles that are missing; (what was done, role) for each.

    What was done is `created`, `unchanged`, `updated` or, for a role whose rights somebody changed, `skipped`; with
    `overwrite` such a role gets the rights given here. Raises UnknownRight.
    """
    return [(_set_up_one(name, rights, overwrite), name) for name, rights in ROLES.items()]


def _set_up_one(name: str, rights: Rights, overwrite: bool) -> str:
    wanted = set(permissions(rights))
    group, is_new = Group.objects.get_or_create(name=name)
    if not is_new and set(group.permissions.all()) == wanted:
        return "unchanged"
    if not is_new and not overwrite:
        return "skipped"
    group.permissions.set(wanted)
    return "created" if is_new else "updated"


def permissions(rights: Rights) -> list[Permission]:
    """The permissions that `rights` name; those of apps that are not installed are left out. Raises UnknownRight."""
    named = [
        (label.partition(".")[0], f"{verb}_{label.partition('.')[2]}")
        for label, verbs in rights.items()
        if apps.is_installed(label.partition(".")[0])
        for verb in verbs
    ]
    either = Q(pk__in=[])
    for app, codename in named:
        either |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(either).select_related("content_type"))
    missing = set(named) - {(permission.content_type.app_label, permission.codename) for permission in found}
    if missing:
        raise UnknownRight(f"There is no permission {' or '.join(sorted('.'.join(one) for one in missing))}.")
    return found
