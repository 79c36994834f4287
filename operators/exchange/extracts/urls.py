from django.urls import path

from operators.exchange.extracts import views

DESK = "bureau/extractions/"
ONE = f"{DESK}<uuid:uuid>/"

urlpatterns = [
    path(DESK, views.extract_list, name="extract_list"),
    path(f"{DESK}demander/", views.extract_ask, name="extract_ask"),
    path(ONE, views.extract_detail, name="extract_detail"),
    path(f"{ONE}avancement/", views.extract_status, name="extract_status"),
    path(f"{ONE}retirer/", views.extract_cancel, name="extract_cancel"),
    path(f"{ONE}fichier/", views.extract_download, name="extract_download"),
    path("pilotage/extractions/", views.extract_watch, name="extract_watch"),
]
