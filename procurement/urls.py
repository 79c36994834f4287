from django.urls import include, path

app_name = "procurement"
urlpatterns = [
    path("", include("procurement.commitments.urls")),
    path("", include("procurement.followup.urls")),
]
