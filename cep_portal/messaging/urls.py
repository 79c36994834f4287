from django.urls import path

from cep_portal.messaging import views

app_name = "messaging"
urlpatterns = [
    path("pilotage/messages/", views.message_list, name="message_list"),
    path("pilotage/messages/controle/", views.delivery_days, name="delivery_days"),
    path("pilotage/messages/<uuid:uuid>/", views.message_detail, name="message_detail"),
    path("demonstration/messages/", views.demonstration_list, name="demonstration_list"),
    path("demonstration/messages/<uuid:uuid>/", views.demonstration_detail, name="demonstration_detail"),
    path(
        "demonstration/messages/<uuid:uuid>/piece-jointe/",
        views.demonstration_attachment,
        name="demonstration_attachment",
    ),
    path("sante/messages/", views.outbox_health, name="outbox_health"),
    path("messages/etat/courriel/", views.email_delivery, name="email_delivery"),
    path("messages/etat/<slug:carrier>/", views.sms_delivery, name="sms_delivery"),
]
