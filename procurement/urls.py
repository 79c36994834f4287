from cep_portal.common.subjects import urls
from procurement.subjects import SUBJECTS

app_name = "procurement"
urlpatterns = urls(*SUBJECTS)
