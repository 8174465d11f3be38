"""The history: filters, search, pages, counts, files."""
