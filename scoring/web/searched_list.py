"""Long lists that are searched: page by page, and as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers, patch_cache_control

from scoring.forms.search import SearchForm
from scoring.queries import Cursor, ListPage
from scoring.web import search_session

F = TypeVar("F", bound=SearchForm)
M = TypeVar("M", bound=Model)


class Narrowed(Protocol[M]):
    """What a list was narrowed down to."""

    def page(self, *, size: int, before: Cursor | None, after: Cursor | None) -> ListPage[M]:
        """Some rows of what fits."""


@dataclass(frozen=True)
class SearchedList(Generic[F, M]):
    """A list of rows of one kind: its page, its form, and the numbers of rows to choose from.

    The text searched for is patient data: it is posted and kept in the session, and the address
    carries only a key to it. The filters stand in the address, to be bookmarked.
    """

    template: str
    form: type[F]
    kind: type[M]
    row_choices: tuple[int, ...]

    def search(self, request: HttpRequest, **context: object) -> HttpResponse:
        """Lead from what was posted to the address of what it finds."""
        form = self.form(search_session.posted_form(request))
        if form.is_valid():
            return redirect(self._address(request))
        # A name or number typed into the wrong field stands in no address either.
        return self.render(request, form, **context)

    def asked_form(self, request: HttpRequest, text: str) -> F:
        """The form with the filters of the address, and the text."""
        data = request.GET.copy()
        data["q"] = text
        return self.form(data)

    def page(self, request: HttpRequest, narrowed: Narrowed[M]) -> ListPage[M]:
        """The page that the address asks for."""
        before, after = (
            Cursor.parse(request.GET.get(name, ""), self.kind) for name in ("before", "after")
        )
        return narrowed.page(size=self._rows(request), before=before, after=after)

    def render(self, request: HttpRequest, form: F, **context: object) -> HttpResponse:
        """The page; with status 422 where the form has errors."""
        context |= {"form": form, "rows": self._rows(request), "row_choices": self.row_choices}
        return render(request, self.template, context, status=422 if form.errors else 200)

    def _rows(self, request: HttpRequest) -> int:
        asked = request.GET.get("rows", "")
        return int(asked) if asked in map(str, self.row_choices) else self.row_choices[0]

    def _address(self, request: HttpRequest) -> str:
        """Where what was posted can be looked at again."""
        query = QueryDict(mutable=True)
        if text := search_session.posted(request):
            query["search"] = search_session.keep(request, text)
        for name in self.form.shared_names():
            if typed := request.POST.get(name, "").strip():
                query[name] = typed
        if request.GET.get("rows"):
            query["rows"] = str(self._rows(request))
        return f"{request.path}?{query.urlencode()}" if query else request.path


def csv_response(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    """A CSV file, sent as it is made, and never kept by the browser."""
    response = StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)
    return response
