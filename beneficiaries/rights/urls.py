from django.urls import path

from beneficiaries.rights import views

urlpatterns = [
    path("mon-espace/consultations/", views.openings, name="openings"),
    path("mon-espace/donnees/", views.my_data, name="my_data"),
    path("mon-espace/donnees/corriger/", views.rectify, name="rectify"),
    path("mon-espace/donnees/adresse/", views.email_change, name="email_change"),
    path("mon-espace/donnees/adresse/<uuid:uuid>/", views.email_code, name="email_code"),
    path("mon-espace/donnees/copie/", views.export_ask, name="export_ask"),
    path("mon-espace/donnees/copie/<uuid:uuid>/", views.export, name="export"),
    path("mon-espace/donnees/copie/<uuid:uuid>/etat/", views.export_status, name="export_status"),
    path("mon-espace/donnees/copie/<uuid:uuid>/telecharger/", views.export_download, name="export_download"),
    path("mon-espace/donnees/geler/", views.restrict, name="restrict"),
    path("mon-espace/donnees/effacer/", views.erase, name="erase"),
    path("mon-espace/donnees/effacer/<uuid:uuid>/", views.erase_code, name="erase_code"),
    path("efface/", views.erased, name="erased"),
    path("garder/<str:signed>/", views.file_keep, name="file_keep"),
]
