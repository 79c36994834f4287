from reporting.assessment.urls import urlpatterns as assessment
from reporting.dashboards.urls import urlpatterns as dashboards
from reporting.packs.urls import urlpatterns as packs
from reporting.surveys.urls import urlpatterns as surveys

app_name = "reporting"
urlpatterns = [*assessment, *dashboards, *packs, *surveys]
