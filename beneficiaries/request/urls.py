from django.urls import path

from beneficiaries.request import views

urlpatterns = [
    path("demandes/retrouver/", views.request_find, name="request_find"),
    path("demandes/<slug:reference>/", views.request_detail, name="request"),
    path("demandes/<slug:reference>/coordonnees/", views.contact, name="request_contact"),
    path("demandes/<slug:reference>/code/<uuid:uuid>/", views.code, name="request_code"),
    path("demandes/<slug:reference>/prouver/", views.prove, name="request_prove"),
    path("demandes/<slug:reference>/attestation/", views.attestation, name="attestation"),
]
