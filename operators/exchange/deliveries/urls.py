from django.urls import path

from operators.exchange.deliveries import views

DESK = "bureau/remontees/"
ONE = f"{DESK}<uuid:uuid>/"

urlpatterns = [
    path(DESK, views.delivery_list, name="delivery_list"),
    path(f"{DESK}verifier/", views.delivery_trial, name="delivery_trial"),
    path(f"{DESK}lieux-et-conseillers.csv", views.delivery_places, name="delivery_places"),
    path(ONE, views.delivery_detail, name="delivery_detail"),
    path(f"{ONE}envoyer/", views.delivery_send, name="delivery_send"),
    path(f"{ONE}avancement/", views.delivery_status, name="delivery_status"),
    path(f"{ONE}lignes-refusees.<slug:ending>", views.delivery_refused, name="delivery_refused"),
    path("remontees/format/", views.delivery_format, name="delivery_format"),
    path("remontees/modele.<slug:ending>", views.delivery_model, name="delivery_model"),
    path("remontees/schema.json", views.delivery_schema, name="delivery_schema"),
    path("pilotage/remontees/", views.supply, name="supply"),
]
