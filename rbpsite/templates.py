"""Django's templates, whose HTML is closed up where the language of the page asks for it."""

from typing import Any

from django.http import HttpRequest
from django.template.backends import django
from django.utils.safestring import SafeString

from scoring.words.closing_up import closed_up


class Template(django.Template):
    """A template of the site or of a package."""

    def render(
        self, context: dict[str, Any] | None = None, request: HttpRequest | None = None
    ) -> SafeString:
        """The text; HTML without blanks beside full-width marks."""
        text = super().render(context, request)
        is_html = str(self.template.name).endswith(".html")
        return SafeString(closed_up(text) if is_html else text)


class Templates(django.DjangoTemplates):
    """For ``BACKEND`` of the settings."""

    def get_template(self, template_name: str) -> Template:
        """The template of this name."""
        return Template(super().get_template(template_name).template, self)
