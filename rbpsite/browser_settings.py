"""Settings of what pages may load in a browser, and of how much a browser may send.

``settings.py`` takes them over once it has read ``.env``.
"""

from rbpsite.environment import number

# A form of ours takes a few thousand bytes and some fifty fields. One page takes a file, a table of
# patients, which stays in memory; any other leaves it unread.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["scoring.web.uploads.TableUploadHandler"]
TABLE_MB = number("RBP_TABLE_MB", 20, 1, 200)

# Scripts, styles, images and answers come from the site itself, and nothing stands in a page's
# HTML. Bootstrap's stylesheet draws the arrows of lists with images inside of it (data:).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
