"""Settings of signing in: passwords, lock-out, second factor, the hospital's sign-in service.

``settings.py`` takes them over once it has read ``.env``; docs/accounts.md explains each.
"""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from rbpsite.environment import address, choice, items, matching, number, switch, text

_ROLES = ("Clinician", "Reviewer", "Administrator")


def _roles(name: str, roles: list[str]) -> list[str]:
    for role in roles:
        if role not in _ROLES:
            raise ImproperlyConfigured(
                f'{name} names the role "{role}"; there are {", ".join(_ROLES)}.'
            )
    return roles


# How many servers in front pass requests on; behind TLS there is one.
TRUSTED_PROXIES = number(
    "RBP_TRUSTED_PROXIES",
    default=1 if text("RBP_MODE", "local") == "production" else 0,
    low=0,
    high=9,
)

PASSWORD_HASHERS = [
    "scoring.web.password_turns.Argon2",
    "scoring.web.password_turns.PBKDF2",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": "rbpsite.password_rules.KnownWordsValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "rbpsite.password_rules.GuessedSoonValidator"},
]
TEMPORARY_PASSWORD_HOURS = number("RBP_TEMPORARY_PASSWORD_HOURS", default=72, low=1, high=720)

# Lock-out: django-axes.
AXES_HANDLER = "scoring.web.lock_out.LockOut"
AXES_FAILURE_LIMIT = number("RBP_LOCKOUT_FAILURES", default=5, low=3, high=100)
AXES_COOLOFF_TIME = timedelta(minutes=number("RBP_LOCKOUT_MINUTES", 15, low=1, high=1440))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "scoring.http.client.client_address"
AXES_LOCKOUT_CALLABLE = "scoring.web.authentication.same_page"
AXES_WHITELIST_CALLABLE = "scoring.web.authentication.has_no_username"
# Trying on while locked out doesn't prolong it: else anybody could keep somebody out for good.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# The access log of the site tells of every sign-in.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]

# Second factor: django-otp.
OTP_TOTP_ISSUER = "RBP risk"
SECOND_FACTOR_ROLES = _roles("RBP_SECOND_FACTOR_ROLES", items("RBP_SECOND_FACTOR_ROLES"))

# The hospital's sign-in service: mozilla-django-oidc.
OIDC_RP_CLIENT_ID = text("RBP_OIDC_CLIENT_ID")
OIDC_ENABLED = bool(OIDC_RP_CLIENT_ID)
OIDC_RP_CLIENT_SECRET = text("RBP_OIDC_CLIENT_SECRET")
OIDC_ISSUER = address("RBP_OIDC_ISSUER", "https://id.hospital.example")
OIDC_OP_AUTHORIZATION_ENDPOINT = address(
    "RBP_OIDC_AUTHORIZATION_URL", "https://id.hospital.example/authorize"
)
OIDC_OP_TOKEN_ENDPOINT = address("RBP_OIDC_TOKEN_URL", "https://id.hospital.example/token")
OIDC_OP_USER_ENDPOINT = address("RBP_OIDC_USERINFO_URL", "https://id.hospital.example/userinfo")
OIDC_OP_JWKS_ENDPOINT = address("RBP_OIDC_JWKS_URL", "https://id.hospital.example/jwks")
OIDC_RP_SIGN_ALGO = choice("RBP_OIDC_SIGN_ALGORITHM", "RS256", "RS384", "RS512", "ES256", "ES384")
OIDC_RP_SCOPES = matching(
    "RBP_OIDC_SCOPES",
    r"(\S+ )*openid( \S+)*",
    'words with spaces between them, among them "openid"',
    "openid profile",
)
OIDC_NAME = text("RBP_OIDC_NAME")
OIDC_USERNAME_CLAIM = text("RBP_OIDC_USERNAME_CLAIM", "preferred_username")
OIDC_DISPLAY_NAME_CLAIM = text("RBP_OIDC_DISPLAY_NAME_CLAIM", "name")
OIDC_ROLES_CLAIM = text("RBP_OIDC_ROLES_CLAIM")
OIDC_ROLES_MAP = dict(pair.rpartition("=")[::2] for pair in items("RBP_OIDC_ROLES_MAP"))
OIDC_CREATE_USER = switch("RBP_OIDC_CREATE_USERS")
OIDC_TRUST_SECOND_FACTOR = switch("RBP_OIDC_TRUST_SECOND_FACTOR")
_PROMPT = choice("RBP_OIDC_PROMPT", "login", "none")
OIDC_AUTH_REQUEST_EXTRA_PARAMS: dict[str, Any] = {"prompt": _PROMPT} if _PROMPT != "none" else {}
OIDC_AUTHENTICATION_CALLBACK_URL = "single-sign-on-callback"
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10

_roles("RBP_OIDC_ROLES_MAP", list(OIDC_ROLES_MAP.values()))
if OIDC_ENABLED:
    for _name, _value in {
        "RBP_OIDC_CLIENT_SECRET": OIDC_RP_CLIENT_SECRET,
        "RBP_OIDC_ISSUER": OIDC_ISSUER,
        "RBP_OIDC_AUTHORIZATION_URL": OIDC_OP_AUTHORIZATION_ENDPOINT,
        "RBP_OIDC_TOKEN_URL": OIDC_OP_TOKEN_ENDPOINT,
        "RBP_OIDC_USERINFO_URL": OIDC_OP_USER_ENDPOINT,
        "RBP_OIDC_JWKS_URL": OIDC_OP_JWKS_ENDPOINT,
    }.items():
        if not _value:
            raise ImproperlyConfigured(f"RBP_OIDC_CLIENT_ID is set, so {_name} is needed, too.")
if OIDC_ROLES_CLAIM and not OIDC_ROLES_MAP:
    raise ImproperlyConfigured("RBP_OIDC_ROLES_CLAIM is set, so RBP_OIDC_ROLES_MAP is needed, too.")

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "scoring.web.authentication.PasswordBackend",
    *(["scoring.web.single_sign_on.SingleSignOnBackend"] if OIDC_ENABLED else []),
]
