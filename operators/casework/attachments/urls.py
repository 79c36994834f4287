from django.urls import path

from operators.casework.attachments.views import desk, space

urlpatterns = [
    path("bureau/parcours/<uuid:uuid>/fichiers/", desk.attachment_list, name="attachment_list"),
    path("bureau/fichiers/<uuid:uuid>/", desk.attachment, name="attachment"),
    path("bureau/fichiers/<uuid:uuid>/retirer/", desk.attachment_remove, name="attachment_remove"),
    path("mon-espace/parcours/fichiers/", space.own_attachments, name="own_attachments"),
    path("mon-espace/parcours/fichiers/<uuid:uuid>/", space.own_attachment, name="own_attachment"),
    path(
        "mon-espace/parcours/fichiers/<uuid:uuid>/retirer/",
        space.own_attachment_remove,
        name="own_attachment_remove",
    ),
]
