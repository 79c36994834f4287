"""The URLs of the training place: the portal's, and its own. A real portal has no such page."""

from django.urls import include, path

from cep_portal.urls import handler404, handler429, handler500
from cep_portal.urls import urlpatterns as of_the_portal

__all__ = ["handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [path("entrainement/", include("cep_portal.training.urls.place")), *of_the_portal]
