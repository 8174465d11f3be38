"""Whether the process lives, and whether it can do its work: for machines that watch it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from scoring.health import readiness
from scoring.web.gate import public


@require_safe
@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers; nothing else is asked, so that a restart is not provoked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part the site works with; 503 where one fails that pages need."""
    parts = readiness.parts()
    is_ready = all(part.is_well for part in parts if part.is_needed)
    content = {"ready": is_ready, "parts": {part.name: part.text for part in parts}}
    return JsonResponse(content, status=200 if is_ready else 503)
