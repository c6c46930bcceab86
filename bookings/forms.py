from typing import Any
from unicodedata import category

from django import forms

from bookings.invitations import organiser_address
from bookings.origin import printable

BLOCKER_LENGTH = 1000


class OneLineField(forms.CharField):
    """Text of one line. Line breaks and control characters never reach a mail header or a calendar
    property.
    """

    def to_python(self, value: object) -> str:
        return printable(super().to_python(value) or "")


class ParagraphField(forms.CharField):
    """Text of several lines, its breaks counted once each, as the browser counts them against
    ``maxlength``. Whatever Unicode calls a line break is one; other control characters, which a calendar file may
    not hold (RFC 5545, 3.1), are left out.
    """

    def to_python(self, value: object) -> str:
        lines = (super().to_python(value) or "").splitlines()
        return "\n".join("".join(sign for sign in line if sign == "\t" or category(sign) != "Cc") for line in lines)


class ProspectEmailField(forms.EmailField):
    """Where a prospect is written to, at most 254 characters: one line, and never the organiser's own address, who
    cannot be among those an invitation invites.
    """

    default_error_messages = {
        "invalid": "Enter an email address in the form name@example.com",
        "organiser": "Invitations come from this address. Enter the prospect’s own.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        """Raises ValidationError for what is no address, for one of several lines, and for the organiser's."""
        email = str(super().clean(value))
        # Django takes what becomes a domain once IDNA has dropped signs from it, U+2028 (a line break) among them.
        if not email.isprintable():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if email.lower() == organiser_address().lower():
            raise forms.ValidationError(self.error_messages["organiser"], code="organiser")
        return email


class DetailsForm(forms.Form):
    """Who the call is with. Messages say what to do, in the words of the page."""

    name = OneLineField(
        label="Your name",
        max_length=100,
        error_messages={
            "required": "Enter your name",
            "max_length": "Your name must be 100 characters or fewer",
        },
    )
    email = ProspectEmailField(
        label="Email address",
        error_messages={
            "required": "Enter your email address",
            "max_length": "Your email address must be 254 characters or fewer",
            "organiser": "Enter your own email address",
        },
    )
    current_role = OneLineField(
        label="Your current role (optional)",
        max_length=120,
        required=False,
        error_messages={"max_length": "Your current role must be 120 characters or fewer"},
    )
    blocker = ParagraphField(
        label="What is blocking you? (optional)",
        max_length=BLOCKER_LENGTH,
        required=False,
        error_messages={"max_length": "What is blocking you must be 1,000 characters or fewer"},
    )

    share_result = forms.BooleanField(required=False)
