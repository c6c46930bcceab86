"""By what the list of guides is narrowed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from guides.models import Guide, Publication


class ReadersSee(admin.SimpleListFilter):
    title = "what readers see"
    parameter_name = "readers"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("live", "Published"), ("never", "Never published"), ("gone", "Taken down"), ("waiting", "Scheduled")]

    def queryset(self, request: HttpRequest, guides: QuerySet[Guide]) -> QuerySet[Guide]:
        publications = Publication.objects
        match self.value():
            case "live":
                return guides.filter(pk__in=publications.live().values("guide"))
            case "gone":
                return guides.filter(pk__in=publications.withdrawn().values("guide"))
            case "waiting":
                return guides.filter(pk__in=publications.waiting().values("guide"))
            case "never":
                return guides.exclude(pk__in=publications.due().values("guide"))
        return guides
