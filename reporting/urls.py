from reporting.surveys.urls import urlpatterns as surveys

app_name = "reporting"
urlpatterns = [*surveys]
