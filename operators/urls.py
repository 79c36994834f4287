from cep_portal.common.subjects import urls
from operators.subjects import SUBJECTS

app_name = "operators"
urlpatterns = urls(*SUBJECTS)
