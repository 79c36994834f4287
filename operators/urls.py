from operators.agenda.urls import urlpatterns as agenda
from operators.pathways.urls import urlpatterns as pathways

app_name = "operators"
urlpatterns = [*agenda, *pathways]
