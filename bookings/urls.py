from django.urls import path

from bookings import own_booking, views

app_name = "bookings"

urlpatterns = [
    path("", views.diagnosis, name="diagnosis"),
    path("feed/<str:token>.ics", own_booking.coach_feed, name="feed"),
    path("<str:token>/", own_booking.booking, name="booking"),
    path("<str:token>/invite.ics", own_booking.invite, name="invite"),
    path("<str:token>/reschedule/", own_booking.reschedule, name="reschedule"),
    path("<str:token>/cancel/", own_booking.cancel_booking, name="cancel"),
]
