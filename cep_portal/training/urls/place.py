from django.urls import path

from cep_portal.training import views

app_name = "training"
urlpatterns = [
    path("", views.place, name="place"),
    path("avancement/", views.status, name="status"),
    path("horloge/", views.clock_move, name="clock_move"),
    path("premier-jour/", views.reset, name="reset"),
]
