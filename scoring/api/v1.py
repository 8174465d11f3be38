"""Version 1 of the JSON API: its operations, what they refuse, and how it describes itself."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as NotValidError

from scoring import queries
from scoring.api import described
from scoring.api.assessments import router as assessments
from scoring.api.authentication import Token
from scoring.api.conditions import tagged_response
from scoring.api.followup import router as outcomes
from scoring.api.patients import router as patients
from scoring.api.reading import StrictParser
from scoring.api.scores import router as scores
from scoring.api.searches import router as searches
from scoring.api.shape import field_errors
from scoring.api.states import router as states
from scoring.api.versions import router as versions
from scoring.api.writing import StrictRenderer, json_response
from scoring.http.actor import actor
from scoring.http.problems import Problem, answer_to, refused

PREFIX = "/api/v1"
v1 = NinjaAPI(
    title="RBP risk",
    version="1",
    description="The risk of residual back pain after percutaneous kyphoplasty.",
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
    renderer=StrictRenderer(),
)
for _router in (scores, searches, assessments, versions, states, outcomes, patients):
    v1.add_router("", _router)


@v1.get(
    "/token",
    auth=Token(),
    operation_id="readToken",
    summary="What this token may do",
    tags=["token"],
    openapi_extra=described.read(described.TOKEN),
)
def token(request: HttpRequest) -> HttpResponse:
    """Name of the application, its account in the access log, roles, ward and last day."""
    user = actor(request)
    queries.ward_settings().activate_time_zone()
    known = user.application_token
    return tagged_response(
        request,
        {
            "name": str(user),
            "account": user.username,
            "roles": user.roles,
            "ward": None if user.ward is None else user.ward.name,
            "last_day": known.last_day.isoformat(),
        },
    )


@v1.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API; public: it tells nothing about patients or the hospital."""
    return json_response(document())


def document() -> dict[str, Any]:
    """The description as OpenAPI 3.1."""
    schema: dict[str, Any] = v1.get_openapi_schema(path_prefix=PREFIX)
    schema["components"]["schemas"]["Problem"] = described.PROBLEM
    return schema


# For the first two django-ninja has handlers of its own.
@v1.exception_handler(Http404)
@v1.exception_handler(HttpError)
@v1.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    # Of a body that can't be read, django-ninja tells the reason as the cause alone.
    cause = error.__cause__ if isinstance(error, HttpError) else None
    return answer_to(request, cause if isinstance(cause, Problem) else error)


@v1.exception_handler(NotValidError)
def _not_valid(request: HttpRequest, error: NotValidError) -> HttpResponse:
    """Values that are none of their kind: the way to them begins with "body" and the argument."""
    return answer_to(request, refused(field_errors(error.errors, above=2)))
