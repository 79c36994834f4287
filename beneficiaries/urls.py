from beneficiaries.subjects import SUBJECTS
from cep_portal.common.subjects import urls

app_name = "beneficiaries"
urlpatterns = urls(*SUBJECTS)
