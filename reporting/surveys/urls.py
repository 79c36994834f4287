from django.urls import path

from reporting.surveys import views

urlpatterns = [path("enquete/<str:signed>/", views.survey, name="survey")]
