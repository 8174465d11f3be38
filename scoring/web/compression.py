"""Pages are compressed on their way to the browser."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Pages and data; PDFs are compressed already, and exports are sent as they are made.
_COMPRESSED = ("text/html", "application/json")


class CompressionMiddleware(GZipMiddleware):
    """Django's own, with its random padding against BREACH, for what is worth it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress a page; leave other answers alone.

        Also one with an ETag: Django's would make it weak, and no change takes a weak one
        (RFC 9110, section 13.1.1).
        """
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in _COMPRESSED or "ETag" in response:
            return response
        return super().process_response(request, response)
