"""The manifest with which a browser puts the site on a tablet's home screen.

It opens the worklist in a window of its own. There is no service worker: nothing is kept in the
browser, and without the server there is nothing to see.
"""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from scoring.web.gate import public

# Those of static/scoring/colors.css by day: the browser shows them before the page is there.
PAGE_COLOR = "#f1f4f5"
BAR_COLOR = "#ffffff"
ICON_SIZES_PX = (192, 512)


@require_safe
@public
def manifest(request: HttpRequest) -> JsonResponse:
    """Name, icons and start page, as W3C's Web Application Manifest asks."""
    drawn = {"src": static("scoring/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    pictures = [
        {
            "src": static(f"scoring/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in ICON_SIZES_PX
        for purpose in ("any", "maskable")
    ]
    answer = {
        "id": "/",
        "name": _("RBP risk"),
        "short_name": _("RBP risk"),
        "lang": get_language(),
        "start_url": reverse("worklist"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAGE_COLOR,
        "theme_color": BAR_COLOR,
        "icons": [drawn, *pictures],
    }
    return JsonResponse(answer, content_type="application/manifest+json")
