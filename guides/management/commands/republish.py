"""Renders what is live anew, after the renderer itself has changed."""

from typing import Any

from django.core.management.base import BaseCommand

from guides.models import Publication
from guides.publishing import NotPublishable, render_again


class Command(BaseCommand):
    help = (
        "Render every live publication anew from the document it holds, in place: the same words, today's markup. "
        "No new publication is made and no date changes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for publication in Publication.objects.live():
            try:
                render_again(publication)
            except NotPublishable as error:
                self.stderr.write(self.style.ERROR(f"/{publication.slug}/ stays as it was. {error}"))
            else:
                self.stdout.write(f"rendered /{publication.slug}/")
