from django.urls import path

from operators.booking.coverage import views

urlpatterns = [path("pilotage/couverture/", views.coverage, name="coverage")]
