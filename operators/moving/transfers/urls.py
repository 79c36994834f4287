from django.urls import path

from operators.moving.transfers.views import desk, link, person

urlpatterns = [
    path("bureau/parcours/<uuid:uuid>/transferer/", desk.transfer_prepare, name="transfer_prepare"),
    path("bureau/transferts/", desk.transfer_list, name="transfer_list"),
    path("bureau/transferts/<uuid:uuid>/", desk.transfer_detail, name="transfer_detail"),
    path("bureau/transferts/<uuid:uuid>/envoyer/", desk.transfer_send, name="transfer_send"),
    path("bureau/transferts/<uuid:uuid>/retirer/", desk.transfer_withdraw, name="transfer_withdraw"),
    path("bureau/transferts/<uuid:uuid>/recevoir/", desk.transfer_receive, name="transfer_receive"),
    path("bureau/transferts/<uuid:uuid>/refuser/", desk.transfer_refuse, name="transfer_refuse"),
    path("mon-espace/transferts/<uuid:uuid>/", person.own_transfer, name="own_transfer"),
    path(
        "mon-espace/transferts/<uuid:uuid>/retirer/",
        person.own_transfer_withdraw,
        name="own_transfer_withdraw",
    ),
    path("transfert/<str:signed>/", link.transfer_link, name="transfer_link"),
    path("transfert/<str:signed>/code/<uuid:uuid>/", link.transfer_code, name="transfer_code"),
    path("transfert/<str:signed>/reponse/", link.transfer_answer, name="transfer_answer"),
    path("transfert/<str:signed>/retirer/", link.transfer_take_back, name="transfer_take_back"),
]
