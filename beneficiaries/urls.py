from beneficiaries.complaints.urls import urlpatterns as complaints_urls
from beneficiaries.request.urls import urlpatterns as request_urls
from beneficiaries.rights.urls import urlpatterns as rights_urls
from beneficiaries.space.urls import urlpatterns as space_urls
from beneficiaries.triage.urls import urlpatterns as triage_urls

app_name = "beneficiaries"
urlpatterns = [*triage_urls, *request_urls, *complaints_urls, *rights_urls, *space_urls]
