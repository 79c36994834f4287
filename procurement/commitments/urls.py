from django.urls import path

from procurement.commitments import views

urlpatterns = [
    path("pilotage/contrats/<uuid:uuid>/engagements/", views.commitment_list, name="commitment_list"),
    path("pilotage/contrats/<uuid:uuid>/engagements/nouveau/", views.commitment_add, name="commitment_add"),
    path(
        "pilotage/engagements/<uuid:uuid>/reviser/", views.commitment_supersede, name="commitment_supersede"
    ),
    path("bureau/engagements/", views.own_commitments, name="own_commitments"),
]
