from django import forms
from django.contrib import admin
from django.http import HttpRequest

from readiness.models import Answer, Question, Track, Verdict
from readiness.scorecard import TOP_ANSWER


class FourAnswers(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """A question has exactly one answer of each level."""
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if sorted(form.cleaned_data.get("level", -1) for form in kept) != list(range(TOP_ANSWER + 1)):
            raise forms.ValidationError("A question has four answers, one of each level from 0 to 3.")
        super().clean()


class AnswerInline(admin.TabularInline):
    model = Answer
    formset = FourAnswers
    extra = 0
    min_num = max_num = TOP_ANSWER + 1


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    """Questions are taken out, never deleted: links to results hold their codes."""

    list_display = ["text", "part", "area", "track", "weight", "position", "is_asked"]
    list_editable = ["position", "is_asked"]
    list_filter = ["track", "part", "is_asked"]
    inlines = [AnswerInline]

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Question | None = None) -> tuple[str, ...]:
        return ("code", "slug") if obj else ()


@admin.register(Track)
class TrackAdmin(admin.ModelAdmin):
    list_display = ["name", "position"]

    def has_delete_permission(self, request: HttpRequest, obj: Track | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Track | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()


@admin.register(Verdict)
class VerdictAdmin(admin.ModelAdmin):
    """The kinds of verdict are fixed by the scoring; their words are not."""

    list_display = ["headline", "key"]
    readonly_fields = ["key"]

    def has_delete_permission(self, request: HttpRequest, obj: Verdict | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
