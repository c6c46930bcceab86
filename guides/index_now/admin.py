"""What search engines were told, in the admin: looked at, and sent again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from guides.index_now import sender
from guides.models import IndexNowSubmission


@admin.register(IndexNowSubmission)
class IndexNowSubmissionAdmin(admin.ModelAdmin):
    """Written with publications, never by hand."""

    list_display = ["publication", "state", "attempts", "due_at", "sent_at", "last_error"]
    list_filter = ["state"]
    list_select_related = ["publication"]
    exclude = ["lease", "lease_until"]
    actions = ["send_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: IndexNowSubmission | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: IndexNowSubmission | None = None) -> bool:
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Whoever may publish may have it told again."""
        return request.user.has_perm("guides.publish_guide")

    @admin.action(description="Send again", permissions=["send"])
    def send_again(self, request: HttpRequest, submissions: QuerySet[IndexNowSubmission]) -> None:
        queued = sum(sender.send_again(submission, timezone.now()) for submission in submissions)
        self.message_user(request, f"{queued} of {len(submissions)} will be sent within a minute.")
