"""Agents only: a person is never named in a request, and the file goes after two days."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest
from operators.exchange.extracts.models import Extract

MANIFESTS = (
    PersonManifest(
        model=Extract,
        title="Extractions",
        purpose="Savoir quel agent a demandé un fichier, qui l’a accordé et pourquoi.",
        retention=retention.EXTRACT,
        rows=None,
        personal=dict.fromkeys(
            ("asked_by", "asked_at", "purpose", "judged_by", "judged_at", "judged_as", "reason"), KEPT
        ),
        technical=(
            *("id", "uuid", "organisation", "kind", "starts_on", "ends_on", "file_format", "state"),
            *("started_at", "line_count", "lines_done", "made_at", "expires_at", "path", "size_bytes"),
            "sha256",
        ),
    ),
)
