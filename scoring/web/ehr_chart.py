"""From a chart that was read by SMART to what the form offers."""

from django.utils import timezone

from scoring.fhir.chart import chart_reading
from scoring.smart.reading import Chart
from scoring.smart.servers import Server
from scoring.smart.trouble import SmartError, Trouble
from scoring.web.ehr import Reading


def reading_from(server: Server, chart: Chart) -> Reading:
    """What is shown and offered. Raises SmartError where the hospital number can't be told."""
    read = chart_reading(
        server.name,
        server.issuer,
        server.number_system,
        chart.patient,
        chart.observations,
        today=timezone.localdate(),
        trouble=chart.trouble.trouble.value if chart.trouble else "",
    )
    if not read.identity.number:
        raise SmartError(Trouble.NO_HOSPITAL_NUMBER)
    return Reading.of(read)
