"""The admin of the house: its first page says what waits, and staff are asked for a second factor."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from careeros import second_factor, sign_in_throttle, waiting

NAMES = {
    "auth": "People and roles",
    "axes": "Failed sign-ins",
    "otp_static": "Recovery codes",
    "otp_totp": "Authenticator apps",
}
"""What apps that are not ours are called; they stand after ours."""


class HouseAdminSite(AdminSite):
    site_header = "Career OS™"
    site_title = "Career OS™"
    index_title = "What waits"
    login_form = second_factor.SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor.is_satisfied(request.user)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page has, and whether it should ask for a second factor."""
        wanted = super().has_permission(request) and not second_factor.has_app(request.user)
        return {**super().each_context(request), "second_factor_is_wanted": wanted}

    def get_urls(self) -> list[URLPattern | URLResolver]:
        second_factor_url = path("second-factor/", never_cache(self.second_factor_view), name="second_factor")
        return [second_factor_url, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Django's list, with names that say what the libraries' apps hold."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        for app in apps:
            app["name"] = NAMES.get(app["app_label"], app["name"])
        return sorted(apps, key=lambda app: (app["app_label"] in NAMES, app["name"]))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page. With `?audit` in the address the audit is run for it."""
        user = request.user
        context: dict[str, Any] = {}
        if isinstance(user, User | AnonymousUser):
            copies = waiting.WorkingCopies()
            context["waiting"] = waiting.waiting_for(user, copies)
            if user.has_perm("guides.view_guide"):
                context["shows_audit"] = True
                context["audit"] = waiting.audit_count(copies, run="audit" in request.GET)
        return super().index(request, {**context, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in; who has no second factor yet is led to the page that sets one up, and may go on from there."""
        if request.method == "GET" and self._must_set_up(request):
            return HttpResponseRedirect(self._second_factor_url(request.GET.get(REDIRECT_FIELD_NAME, "")))
        response = super().login(request, extra_context)
        sign_in_throttle.give_back(request)
        has_signed_in = request.method == "POST" and response.status_code == 302 and request.user.is_authenticated
        if has_signed_in and not second_factor.has_app(request.user):
            return HttpResponseRedirect(self._second_factor_url(response.headers["Location"]))
        return response

    def _must_set_up(self, request: HttpRequest) -> bool:
        return second_factor.may_set_up(request.user) and not second_factor.is_satisfied(request.user)

    def _second_factor_url(self, onward: str) -> str:
        return f"{reverse('admin:second_factor')}?{urlencode({REDIRECT_FIELD_NAME: onward})}"

    def second_factor_view(self, request: HttpRequest) -> HttpResponse:
        """A person's own second factor. Open to staff who still have to set one up."""
        if not second_factor.may_set_up(request.user):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        onward = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_ours = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
        context = {**self.each_context(request), "onward": onward if is_ours else reverse("admin:index")}
        return second_factor.page(request, context)
