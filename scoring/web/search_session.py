"""What was searched for: kept in the session, because it is patient data.

An address carries only a key to it, and no log file ever sees it.
"""

from uuid import uuid4

from django.http import HttpRequest, QueryDict

_KEPT_SEARCHES = 20


def posted(request: HttpRequest, name: str = "q") -> str:
    """The text that was sent. PostgreSQL knows no text with a NUL in it."""
    return request.POST.get(name, "").replace("\x00", "").strip()


def posted_form(request: HttpRequest) -> QueryDict:
    """The whole form as it was sent, with the text as it is searched for."""
    data = request.POST.copy()
    data["q"] = posted(request)
    return data


def keep(request: HttpRequest, text: str) -> str:
    """Keep the text in the session, with only the latest of them; its key."""
    searches = dict(request.session.get("searches", {}))
    key = next((key for key, known in searches.items() if known == text), uuid4().hex)
    # At the end again: it is the latest.
    searches.pop(key, None)
    searches[key] = text
    request.session["searches"] = dict(list(searches.items())[-_KEPT_SEARCHES:])
    return key


def kept(request: HttpRequest) -> str | None:
    """The text that the key in the address stands for, "" without a key, None if forgotten."""
    key = request.GET.get("search", "")
    if not key:
        return ""
    text: str | None = request.session.get("searches", {}).get(key)
    return text
