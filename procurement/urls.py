from django.urls import include, path

app_name = "procurement"
urlpatterns = [
    path("", include("procurement.tender.urls")),
    path("", include("procurement.contracts.urls")),
    path("", include("procurement.commitments.urls")),
    path("", include("procurement.followup.urls")),
]
