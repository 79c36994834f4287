from django.urls import path

from reporting.assessment import views

urlpatterns = [
    path("pilotage/constats/", views.assessments, name="assessments"),
]
