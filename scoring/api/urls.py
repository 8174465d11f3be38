"""The operations behind ``entry``."""

from django.urls import path

from scoring.api.v1 import v1

urlpatterns = [path("v1/", v1.urls)]
