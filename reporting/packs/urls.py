from django.urls import path

from reporting.packs import views

urlpatterns = [
    path("comite/", views.committee, name="committee"),
    path("pilotage/regions/<str:code>/dossiers/", views.region_packs, name="region_packs"),
    path("pilotage/regions/<str:code>/dossiers/demander/", views.pack_ask, name="pack_ask"),
    path("pilotage/dossiers/<uuid:uuid>/", views.pack, name="pack"),
    path("pilotage/dossiers/<uuid:uuid>/etat/", views.pack_status, name="pack_status"),
    path("pilotage/dossiers/<uuid:uuid>/telecharger/", views.pack_download, name="pack_download"),
]
