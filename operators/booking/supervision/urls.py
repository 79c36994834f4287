from django.urls import path

from operators.booking.supervision import views

urlpatterns = [
    path("bureau/capacite/", views.capacity, name="capacity"),
    path("bureau/capacite/ouvrir/", views.team_opening, name="team_opening"),
    path("bureau/capacite/<uuid:uuid>/clore/", views.opening_request_close, name="opening_request_close"),
    path("pilotage/creneaux/", views.lot_supply, name="lot_supply"),
]
