from django.urls import path

from operators.team import views

urlpatterns = [
    path("bureau/sites/conseillers/<uuid:uuid>/suspendre/", views.adviser_suspend, name="adviser_suspend"),
    path("bureau/sites/conseillers/<uuid:uuid>/reprendre/", views.adviser_resume, name="adviser_resume"),
]
