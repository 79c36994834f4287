from django.urls import path

from operators.casework.notes.views import desk, space

urlpatterns = [
    path("bureau/parcours/<uuid:uuid>/notes/", desk.note_list, name="note_list"),
    path("bureau/parcours/<uuid:uuid>/notes/ecrire/", desk.note_add, name="note_add"),
    path("bureau/notes/<uuid:uuid>/corriger/", desk.note_correct, name="note_correct"),
    path("bureau/notes/demandes/<uuid:uuid>/", desk.note_release, name="note_release"),
    path("mon-espace/notes/demander/", space.note_ask, name="note_ask"),
]
