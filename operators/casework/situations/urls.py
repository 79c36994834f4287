from django.urls import path

from operators.casework.situations.views import desk, space

urlpatterns = [
    path("bureau/parcours/<uuid:uuid>/situation/", desk.situation_list, name="situation_list"),
    path("bureau/parcours/<uuid:uuid>/situation/noter/", desk.situation_change, name="situation_change"),
    path("bureau/situations/<uuid:uuid>/corriger/", desk.situation_correct, name="situation_correct"),
    path("bureau/situations/<uuid:uuid>/retirer/", desk.situation_withdraw, name="situation_withdraw"),
    path("bureau/rectifications/<uuid:uuid>/", desk.rectification_answer, name="rectification_answer"),
    path("mon-espace/situation/corriger/", space.rectification_ask, name="rectification_ask"),
]
