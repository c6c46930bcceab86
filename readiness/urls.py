from django.urls import path

from readiness.views import cv_line, plan, portfolio, scorecard

app_name = "readiness"

urlpatterns = [
    path("scorecard/", scorecard.opening, name="scorecard"),
    path("scorecard/question/<slug:slug>/", scorecard.question, name="question"),
    path("scorecard/result/", scorecard.result, name="result"),
    path("scorecard/result/result.pdf", scorecard.result_pdf, name="result_pdf"),
    path("scorecard/scorecard.pdf", scorecard.blank_pdf, name="blank_pdf"),
    path("scorecard/share.png", scorecard.share_png, name="share_image"),
    path("evidence-portfolio/", portfolio.worksheet, name="portfolio"),
    path("30-day-plan/", plan.plan, name="plan"),
    path("30-day-plan.ics", plan.calendar, name="plan_calendar"),
    path("cv-line-check/", cv_line.check, name="cv_line_check"),
]
