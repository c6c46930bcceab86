"""What helps editors: links to a preview, and copies of what a working copy said before it was replaced."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils import timezone

from guides.models.guide import Guide

SIGNER = signing.Signer(salt="guides.preview", sep=".")


def new_key() -> str:
    """A name for a preview link that nobody guesses: 128 bits."""
    return secrets.token_urlsafe(16)


def in_a_week() -> datetime:
    return timezone.now() + timedelta(days=7)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def open(self, now: datetime | None = None) -> Self:
        """Links that still show something: neither expired nor revoked."""
        return self.filter(expires_at__gt=now or timezone.now(), revoked_at=None)

    def of_token(self, token: str) -> "PreviewLink | None":
        """The open link that `token` names; None for a forged, expired or revoked one."""
        try:
            key = SIGNER.unsign(token)
        except signing.BadSignature:
            return None
        return self.open().filter(key=key).select_related("guide").first()


class PreviewLink(models.Model):
    """An address under which somebody without an account sees a guide's working copy, for a while."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="preview_links")
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    note = models.CharField("who it is for", max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField(default=in_a_week)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.guide}, until {self.expires_at:%-d %B %Y %H:%M} UTC"

    @property
    def token(self) -> str:
        """The link's key, signed."""
        return SIGNER.sign(self.key)


class KeptCopy(models.Model):
    """What a working copy said before it was replaced whole: nothing an editor wrote is lost by going back."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="kept_copies")
    document = models.TextField()
    reason = models.CharField(max_length=200, help_text="What replaced it.")
    kept_at = models.DateTimeField(auto_now_add=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-kept_at", "-pk"]
        verbose_name_plural = "kept copies"

    def __str__(self) -> str:
        return f"{self.guide}, kept on {self.kept_at:%-d %B %Y %H:%M} UTC"
