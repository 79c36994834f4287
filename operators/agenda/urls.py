from django.urls import path

from operators.agenda import views

urlpatterns = [
    path("rendez-vous/<str:signed>/", views.appointment, name="appointment"),
]
