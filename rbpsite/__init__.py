"""The site: settings, addresses, server."""

# The version of the software, here alone: pyproject.toml and the pages take it from here.
VERSION = "0.2.0.dev0"
