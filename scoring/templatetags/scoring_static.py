"""Which stylesheets and scripts a page names."""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

from rbpsite.joined_static import served

register = template.Library()


@register.simple_tag
def joined_static(name: str) -> list[str]:
    """The addresses of a joined file, or of its parts where nothing is collected."""
    storage = getattr(staticfiles_storage, "_wrapped", staticfiles_storage)
    return [static(part) for part in served(name, storage)]
