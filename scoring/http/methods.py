"""Which methods a view answers to, beside those that Django names."""

from django.views.decorators.http import require_http_methods

# A page with a form that is sent to its own address. Django's classes take PUT for POST without it,
# and answer OPTIONS.
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
