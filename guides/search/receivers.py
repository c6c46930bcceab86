"""Tells the index when something was published, withdrawn or reworded. Imported once, by the app's `ready`."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver

from guides.models import Publication, SearchSection, SiteProfile
from guides.search import keeping


@receiver([post_save, post_delete], sender=Publication, dispatch_uid="guides.search.publication")
def publication_changed(instance: Publication, raw: bool = False, **kwargs: Any) -> None:
    """A fixture (`raw`) may come before what it refers to; the next migrate or rebuild_search indexes it."""
    if not raw:
        keeping.keep(instance.guide_id)


@receiver(post_save, sender=SiteProfile, dispatch_uid="guides.search.profile")
def profile_changed(raw: bool = False, **kwargs: Any) -> None:
    """The claims stand in the texts: when they change, so does what can be found."""
    if not raw and SearchSection.objects.exists():
        keeping.rebuild()


@receiver(post_migrate, dispatch_uid="guides.search.migrated")
def migrated(sender: AppConfig, plan: Any = (), **kwargs: Any) -> None:
    """Publications from before the index existed are indexed by the migration that brings it."""
    if sender.name == "guides" and any(migration.app_label == "guides" for migration, _ in plan):
        keeping.complete()
