"""Addresses of this site as others reach it."""

from django.conf import settings
from django.http import HttpRequest


def public_address(request: HttpRequest, path: str) -> str:
    """The whole address of a path: by RBP_PUBLIC_URL, else as the request came."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
    return request.build_absolute_uri(path)
