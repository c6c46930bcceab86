"""Writes down, with every publication, that search engines are to be told. Imported once, by the app's `ready`."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from guides.models import IndexNowSubmission, Publication


@receiver(post_save, sender=Publication, dispatch_uid="guides.index_now.published")
def published(instance: Publication, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction of the publication, or the withdrawal: what is rolled back is never told."""
    if created and not raw and settings.INDEXNOW_KEY:
        IndexNowSubmission.objects.create(publication=instance, due_at=instance.published_at)
