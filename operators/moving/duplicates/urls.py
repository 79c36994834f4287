from django.urls import path

from operators.moving.duplicates import views

urlpatterns = [
    path("bureau/doublons/", views.pair_list, name="pair_list"),
    path("bureau/doublons/<uuid:uuid>/<uuid:other>/", views.pair_compare, name="pair_compare"),
    path("bureau/doublons/<uuid:uuid>/<uuid:other>/deux/", views.pair_apart, name="pair_apart"),
    path("bureau/dossiers-reunis/<uuid:uuid>/", views.merge_detail, name="merge_detail"),
    path("bureau/dossiers-reunis/<uuid:uuid>/separer/", views.merge_undo, name="merge_undo"),
]
