"""Settings, all of them from the environment. docs/settings.md lists them with defaults; a test compares the two.

Nothing imports this module; code reads `django.conf.settings`.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from s11.web import csp, outside
from s11.web.log_settings import make_logging
from surveys.evidence_limits import LARGEST_FILE, MOST_FILES_AT_ONCE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Core ---------------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-development" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set: set it to a long random text, or set DEBUG=1 to develop."
    )
# After a change of the key: what was signed or encrypted with the one before can still be read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"] if DEBUG else []
)
# Links in e-mails sent by a command or a worker have no request to take the host from.
SITE_URL = env.str(
    "SITE_URL",
    default=f"http://127.0.0.1:{env.str('PORT', default='8000')}"
    if DEBUG
    else f"https://{(ALLOWED_HOSTS or ['localhost'])[0]}",
).rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[] if DEBUG else [SITE_URL])

ROOT_URLCONF = "s11.urls"
WSGI_APPLICATION = "s11.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "s11",
    "s11.organisations",
    "surveys",
    "accountability",
    "s11.retention",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "auditlog",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "formtools",
    "import_export",
]

MIDDLEWARE = [
    "s11.web.request_ids.RequestIdMiddleware",
    # First: what they say stands on static files too, and on what the middleware below refuses.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "s11.web.middleware.OwnSiteMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Below the static files, which were compressed when they were collected.
    "s11.web.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before whatever may answer with a page of its own, such as that a form is out of date.
    "s11.web.language_middleware.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Private by default: a view is public only where it says so with login_not_required.
    "s11.web.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # After the messages and allauth: it may show a page, and asks what the session was signed in with.
    "s11.organisations.second_factor_gate.SecondFactorMiddleware",
    "s11.web.middleware.TrailMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "s11.web.middleware.PrivateCacheMiddleware",
    "s11.web.middleware.StoreDownMiddleware",
    "s11.web.middleware.NotAPageMiddleware",
]

# Database, cache, files -----------------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="")
_is_embedded = not DATABASE_URL or DATABASE_URL.startswith("sqlite")
_sqlite_file = Path(urlsplit(DATABASE_URL).path[1:]) if DATABASE_URL.startswith("sqlite") else None
DATA_DIR = Path(
    env.str("DATA_DIR", default=str(_sqlite_file.parent if _sqlite_file else BASE_DIR / "data"))
).resolve()

if _is_embedded:
    # SQLite makes its file but never the folder around it.
    (_sqlite_file.parent if _sqlite_file else DATA_DIR).mkdir(parents=True, exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _sqlite_file or DATA_DIR / "s11.sqlite3",
            "OPTIONS": {
                # A write transaction takes its lock at once and waits for it: two writers queue instead of failing.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Without the last, INSERT OR REPLACE would take a line out of a trail and ask no trigger.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
            },
        }
    }
else:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}

# Rate limits live in the cache, so it is shared between processes; its table comes by a migration of the project's.
CACHE_URL = env.str("CACHE_URL", default="")

MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "s11" / "web" / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "build" / "static")))
# Where the log of destroyed records is written after each list: beside the backups, not in them.
DESTRUCTION_LOG = env.str("DESTRUCTION_LOG", default="")
# Where files are kept instead of in MEDIA_ROOT: the address of an S3-compatible store, and the bucket.
FILES_STORE_URL = env.str("FILES_STORE_URL", default="")
try:
    DATABASES["default"] = outside.make_database(DATABASES["default"])
    CACHES = {"default": outside.make_cache(CACHE_URL)}
    _files = outside.make_storage(
        FILES_STORE_URL,
        key=env.str("FILES_STORE_KEY", default=""),
        secret=env.str("FILES_STORE_SECRET", default=""),
        region=env.str("FILES_STORE_REGION", default="eu-west-2"),
    )
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
STORAGES = {
    "default": _files,
    # A manifest storage answers 500 before collectstatic has run, so development and tests use the plain one.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600
# What a form may send: larger files are never kept, not even for a moment. The evidence pages say both beforehand.
UPLOAD_MAX_SIZE = LARGEST_FILE
UPLOAD_MAX_FILES = MOST_FILES_AT_ONCE
FILE_UPLOAD_HANDLERS = [
    "s11.web.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Where ClamAV's daemon listens: the path of its socket, or host:port. Uploads wait in quarantine until it has answered.
CLAMD = env.str("CLAMD", default="")

# Pages ----------------------------------------------------------------------------------------------------------------

_context_processors = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "s11.navigation.place",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "s11.web.jinja.environment", "context_processors": _context_processors},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates" / "django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": _context_processors,
            "libraries": {"web": "s11.web.template_tags"},
        },
    },
]
# In the session, not in a cookie of its own: the cookies page names each.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "s11.web.forms.GovUKRenderer"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
# For what Django and allauth say by themselves; our own words are looked up by s11.web.languages.
USE_I18N = True
TRANSLATIONS, BANK_TRANSLATIONS = BASE_DIR / "s11/web/translations", BASE_DIR / "surveys/questionnaires"
USE_TZ = True

# People and signing in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "s11.organisations.passwords.GuessedFirstValidator"},
    {"NAME": "s11.organisations.breached_passwords.BreachedValidator"},
]
# Whom to ask whether a password stands in a known breach, by the first five characters of its hash; empty asks nobody.
BREACHED_PASSWORDS_URL = env.str("BREACHED_PASSWORDS_URL", default="")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "s11.organisations.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
# Nobody signs up: an account comes by an invitation or an import, and its first password by a link sent to the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whoever changes how somebody signs in, the person hears of it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Beside allauth's own limits those of asking to take part: a whole council may come from one internet address, while
# one mailbox gets few links, and no partnership more requests in a day than it could have organisations.
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords, by e-mail address and internet address together: a stranger elsewhere locks nobody out. Wrong
    # codes of the second step, by person: only who has the password gets so far.
    "login_failed": "20/5m/ip,5/5m/key,50/d/key",
    # Wrong passwords for one e-mail address, from wherever. While it holds, a link by e-mail and passkeys still open.
    "login_failed_anywhere": "50/h/key",
    "reset_password": "20/m/ip,5/h/key",
    # Ways to the account at work and back: each asks the provider something.
    "open_id": "60/m/ip",
    "take_part_find": "60/10m/ip",
    "take_part": "30/h/ip",
    "take_part_address": "3/d/key",
    "take_part_partnership": "600/d/key",
    "take_part_verify": "60/10m/ip",
    # What opens by a link alone: tokens cannot be guessed, and nobody should spend our time on trying.
    "personal_link": "120/10m/ip",
    # Wrong tokens of data feeds; and requests of one that is right: twenty tables, refreshed by five people at once.
    "feed_refused": "60/10m/ip",
    "feed": "600/10m/key",
    # Calendars of many people come from the few addresses of those who run them.
    "calendar_feed": "1200/10m/ip",
}

# The second step of signing in (a code from an app, a passkey); docs/decisions.md says why it is as it is.
SECOND_FACTOR_FOR_OFFICERS = env.bool("SECOND_FACTOR_FOR_OFFICERS", default=not DEBUG)
MFA_ADAPTER = "s11.organisations.second_factor_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone signs in, so it must itself be two things: the device, and a finger, a face or a PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Nobody signs up: each address was reached by a link or vouched for by whoever imported it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Clocks of phones differ, and people type slowly: the code before and the code after are right too.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = urlsplit(SITE_URL).hostname or "s11"
MFA_FORMS = {
    "activate_totp": "s11.organisations.forms.second_factors.ActivateAppForm",
    "deactivate_totp": "s11.organisations.forms.second_factors.RemoveAppForm",
    "add_webauthn": "s11.organisations.forms.second_factors.AddPasskeyForm",
    "edit_webauthn": "s11.organisations.forms.second_factors.RenamePasskeyForm",
    "authenticate": "s11.organisations.forms.second_factors.CodeForm",
    "reauthenticate": "s11.organisations.forms.second_factors.CodeAgainForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}

# Signing in by the accounts that people have at work: OpenID Connect, on once all three are set.
OPENID_ISSUER = env.str("OPENID_ISSUER", default="").rstrip("/")
OPENID_CLIENT_ID = env.str("OPENID_CLIENT_ID", default="")
OPENID_CLIENT_SECRET = env.str("OPENID_CLIENT_SECRET", default="")
OPENID_NAME = env.str("OPENID_NAME", default="your work account")
# What the provider must say of how somebody signed in there (`amr`) for it to count as a second factor here.
OPENID_SECOND_FACTOR = env.list("OPENID_SECOND_FACTOR", default=[])
SOCIALACCOUNT_ADAPTER = "s11.organisations.open_id.OpenIdAdapter"
# A link, not a form: the browser holds a form to form-action, also where it is sent on to the provider. All that
# somebody else's link can do is to sign a person in to their own account.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "work",
                "name": OPENID_NAME,
                "client_id": OPENID_CLIENT_ID,
                "secret": OPENID_CLIENT_SECRET,
                "settings": {"server_url": OPENID_ISSUER},
            }
        ]
        if OPENID_ISSUER and OPENID_CLIENT_ID and OPENID_CLIENT_SECRET
        else [],
    }
}

# E-mail ---------------------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# Seconds: somebody may be waiting for the page that sends it.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"s11 <no-reply@{urlsplit(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Background work ------------------------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": env.str("TASKS_BACKEND", default="django_tasks_db.DatabaseBackend")}}

# Security -------------------------------------------------------------------------------------------------------------

_is_https = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if _is_https:
    # With this prefix a browser takes them from this host alone: no neighbouring subdomain can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_ENGINE = "s11.organisations.session_store"
# Without activity, and altogether: whoever leaves a computer as it is does not leave it signed in.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_MOST_HOURS = env.int("SESSION_MOST_HOURS", default=12)
# So often somebody looks through who has access to an organisation or a partnership; 0 asks nobody.
ACCESS_CHECK_DAYS = env.int("ACCESS_CHECK_DAYS", default=365)
# So long the files stay of what was put together about a person, and an account waits before it loses its name.
DATA_EXPORT_DAYS = env.int("DATA_EXPORT_DAYS", default=14)
ANONYMISE_AFTER_DAYS = env.int("ANONYMISE_AFTER_DAYS", default=14)
# Computers in schools and surgeries are shared: closing the browser signs out, however one signed in.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _is_https
# Whoever watches may ask the process itself; a program that reads a feed in the clear is told so, not led on.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics/", r"^p/[^/]+/feed/"]
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_https
# Browsers ship the preload list, and to leave it takes months: that is the domain's owner to decide, not ours.
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else all visitors share the proxy's address, and one person's wrong passwords lock everybody out.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = csp.CONTENT_SECURITY_POLICY
PERMISSIONS_POLICY = csp.PERMISSIONS_POLICY
CSRF_FAILURE_VIEW = "s11.web.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# A standard's page with long commentaries to every indicator is a few hundred kB; its text must reach the form, which
# says what is too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20

# Imports, exports, logs -----------------------------------------------------------------------------------------------

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True
AUDITLOG_STORE_JSON_CHANGES = True

LOG_FORMAT = env.str("LOG_FORMAT", default="line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is '{LOG_FORMAT}', but it can be only 'line' or 'json'.")
LOGGING = make_logging(LOG_FORMAT, env.str("LOG_LEVEL", default="INFO"))

# What the service leans on outside itself, each by its setting --------------------------------------------------------

# Whoever knows it reads figures of the service at /metrics/, in the format of Prometheus.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    MIDDLEWARE.insert(1, "s11.metrics.MetricsMiddleware")
# Where errors are told, without anything of a person: the address that a collector with Sentry's protocol gave.
ERRORS_DSN = env.str("ERRORS_DSN", default="")
