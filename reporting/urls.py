from cep_portal.common.subjects import urls
from reporting.subjects import SUBJECTS

app_name = "reporting"
urlpatterns = urls(*SUBJECTS)
