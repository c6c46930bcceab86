"""Builds the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand

from guides.search import keeping


class Command(BaseCommand):
    help = "Index every live and every scheduled publication anew. Needed only after fixtures or changes made in SQL."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{keeping.rebuild()} sections can be found.")
