"""Django's settings, made from the workspace that the environment names (`ACCORD_WORKSPACE`).

What a company may choose stands in its `accord.toml`; nothing here is to be edited.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.messages import constants as message_constants

from accord.desk.database import database
from accord.desk.key import keys_of
from accord.settings import load_settings

WORKSPACE = Path(os.environ.get("ACCORD_WORKSPACE", ".")).resolve()
_own = load_settings(WORKSPACE / "accord.toml")

SECRET_KEY, *SECRET_KEY_FALLBACKS = keys_of(WORKSPACE) or (secrets.token_urlsafe(48),)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_own.hosts]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "accord.desk.shell",
    "accord.desk.vault",
    "accord.desk.teams",
    "accord.desk.signin",
    "accord.desk.jobs",
    "accord.desk.outbox",
    "accord.desk.hours",
    "accord.desk.notify",
    "accord.desk.connections",
    "accord.desk.handoff",
    "accord.desk.bulk",
    "accord.desk.staff",
    "accord.desk.promises",
    "accord.desk.planning",
    "accord.desk.lessons",
    "accord.desk.start",
    "accord.desk.agreement",
    "accord.desk.proposals",
    "accord.desk.imports",
    "accord.desk.scoreboard",
    "accord.desk.sealed",
    "accord.desk.numbers",
    "accord.desk.leads",
    "accord.desk.search",
    "accord.desk.campaigns",
    "accord.desk.journey",
    "accord.desk.content",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accord.desk.shell.locales.ReaderLocale",
    "accord.desk.reading.ReadingMiddleware",
]

ROOT_URLCONF = "accord.desk.urls"
WSGI_APPLICATION = "accord.desk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "accord.desk.shell.navigation.navigation",
            ],
            "builtins": ["accord.desk.shell.templatetags.shell"],
        },
    }
]

DATABASES = {"default": database(WORKSPACE, _own.database.get_secret_value())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "teams.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "scoreboard"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _own.https
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _own.https else None
SECURE_HSTS_SECONDS = 31_536_000 if _own.https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "style-src": ["'self'"],
        # Places and sizes in charts and meters are style attributes; no attribute can run anything.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

UPLOAD_BYTES = _own.upload_mb * 1_000_000
FILE_UPLOAD_HANDLERS = ["accord.desk.imports.handlers.Limited"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

MESSAGE_TAGS = {message_constants.WARNING: "risk"}
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"dated": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler"},
        "dated": {"class": "logging.StreamHandler", "formatter": "dated"},
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "accord.desk.jobs": {"handlers": ["dated"], "level": "INFO"},
    },
}
