from django.urls import path

from cep_portal.documents import views

app_name = "documents"
urlpatterns = [
    path("verifier/", views.check, name="check"),
    path("verifier/<str:code>/", views.check_code, name="check"),
]
