"""The process that makes PDFs: documents in HTML come in, PDFs go out.

``scoring/report/renderer.py`` starts it as ``python -m scoring.typesetting``. Without Django and
without a connection to the database it starts quickly, and it can be ended when a document hangs.
"""
