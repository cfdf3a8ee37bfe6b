"""`accord.toml`: what belongs to this installation rather than to the agreement."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from accord.errors import AccordError, Mistake, MistakesError

STARTER = """\
# Settings of this workspace. What both teams agreed on stands in agreement.yaml, not here.

# shadow: judge and show, touch nobody. live: switched on by hand, once both teams have signed.
mode = "shadow"

# Mail domains of your own company: touches from these people are greyed as internal.
own_domains = []

# Memory the engine may use before it spills to disk.
memory = "3GB"

# Where builds are made: "duckdb" on this machine, or on Spark: "local[4]", "spark://host:7077".
engine = "duckdb"

# Largest upload in megabytes, all its files together.
upload_mb = 1000

# Names by which browsers may reach the pages besides localhost, and whether that is by https (a proxy's).
hosts = []
https = false

# A build is made after every load, and at the latest after so long: points fade, promises fall due.
build_every = "24h"

# Hosts and networks of your own that Accord may call although they are private: "mail.local", "10.1.0.0/16".
reach = []

# The desk's database where several machines serve: PostgreSQL. Better in the environment variable
# ACCORD_DATABASE, for it holds a password. Without it: SQLite, in this folder.
# database = "postgresql://accord:password@db.example:5432/accord"

# Where people open these pages: the links in messages begin with it.
address = "http://127.0.0.1:8000"

# The server that sends mail, its password in the variable ACCORD_MAIL_PASSWORD. Without one, mails are
# written into the folder mailbox of this workspace.
[mail]
# host = "smtp.example.com"
# port = 587
# tls = "starttls"        # or "tls", or "none"
# user = "accord"
# sender = "Accord <accord@example.com>"

# Sign-in by your own identity provider; its client secret in the variable ACCORD_OIDC_SECRET.
# [oidc]
# issuer = "https://login.example.com/realms/company"
# client_id = "accord"
# label = "Sign in with Example"
# trust_email = false        # true: it proves addresses, though it sends no email_verified

# [slack]
# api = "https://slack.com/api/"   # another for Slack's government cloud

# Folders into which other tools write their exports; each is read as soon as something new lies there.
# mapping: a shipped one (hubspot, mailchimp, ...) or a file. fresh: silent for longer, operations are told.
# [connections.crm]
# folder = "/srv/exports/crm"
# mapping = "hubspot"
# fresh = "1d"

# Where two tools record the same thing, the one that counts; the other's records stay visible, uncounted.
[master]
# deals = "salesforce"
# forms = "hubspot"
# web = "intake"
"""


DATABASE = "ACCORD_DATABASE"
"""The environment variable that says which desk database is meant, before what `accord.toml` says."""
EXAMPLE = "postgresql://user:password@host:5432/name"

SPAN = r"^[1-9]\d{0,3}[mhd]$"
"""A span of time: 30m, 4h, 1d."""

ENGINE = r"^(duckdb|spark|local(\[(\*|[1-9]\d*)\])?|spark://[^\s]+|yarn|k8s://[^\s]+)$"
"""Where builds are made: the embedded engine, or a master of Spark; `spark`: as its environment says."""

ObjectKind = Literal["accounts", "activities", "deals", "forms", "people", "touches", "web"]


class UnknownEngine(AccordError):
    """Builds cannot be made there."""

    code = "unknown_engine"


class Mail(BaseModel):
    """The server that sends mail; without a `host` mails are written into the workspace's folder mailbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = ""
    port: int = Field(default=587, gt=0, lt=65536)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    sender: str = Field(default="Accord <accord@localhost>", pattern=r"^[^\r\n]*@[^@\s<>]+>?$")


class Connection(BaseModel):
    """A folder that is read again and again; `fresh`: how old what was read last may be (30m, 4h, 1d)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str = Field(min_length=1)
    mapping: str = Field(min_length=1)
    fresh: str = Field(default="1d", pattern=SPAN)

    @property
    def fresh_for(self) -> timedelta:
        """How old what was read last may be."""
        return _span(self.fresh)


class Oidc(BaseModel):
    """The identity provider by which people sign in, besides their passwords."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(pattern=r"^https?://[^\s?#]+$")
    client_id: str = Field(min_length=1)
    label: str = Field(default="Sign in with your company’s account", min_length=1, max_length=60)
    trust_email: bool = False


class Slack(BaseModel):
    """Where Slack is asked; the token and the signing secret are given on the page Channels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    api: str = Field(default="https://slack.com/api/", pattern=r"^https?://[^\s?#]+/$")


class Settings(BaseModel):
    """The settings of a workspace. `master` names, by kind of object, the source that counts.

    `database` is the address of the desk database on PostgreSQL, empty for SQLite in the workspace.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["shadow", "live"] = "shadow"
    own_domains: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    https: bool = False
    reach: tuple[str, ...] = ()
    upload_mb: int = Field(default=1000, gt=0)
    engine: str = Field(default="duckdb", pattern=ENGINE)
    memory: str = Field(default="3GB", pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$")
    address: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^\s?#]+$")
    mail: Mail = Mail()
    slack: Slack = Slack()
    oidc: Oidc | None = None
    connections: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")], Connection] = {}
    build_every: str = Field(default="24h", pattern=SPAN)
    master: dict[ObjectKind, str] = {}
    database: SecretStr = SecretStr("")

    def on(self, engine: str) -> Settings:
        """These settings, with builds made there. Raises UnknownEngine."""
        if re.fullmatch(ENGINE, engine) is None:
            raise UnknownEngine(
                f"There is no engine {engine!r}.",
                mend="Name duckdb, local[4] (Spark on so many cores), spark://host:7077 or spark.",
            )
        return self.model_copy(update={"engine": engine})

    @property
    def longest_between_builds(self) -> timedelta:
        """After how long a build is made though nothing was loaded."""
        return _span(self.build_every)

    @field_validator("database")
    @classmethod
    def _is_postgres(cls, address: SecretStr) -> SecretStr:
        if (text := address.get_secret_value()) and not _names_a_database(text):
            raise ValueError(f"must be like {EXAMPLE}")
        return address


def load_settings(path: Path) -> Settings:
    """The settings in the file, or the defaults if there is none; the environment's database comes before.

    Raises MistakesError.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if address := os.environ.get(DATABASE):
            given["database"] = address
        return Settings.model_validate(given)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MistakesError([Mistake(str(path), 0, 0, "", f"This is not TOML: {error}.")]) from error
    except ValidationError as error:
        wrong = [
            Mistake(
                str(path), 0, 0, ".".join(map(str, e["loc"])), e["msg"] + ".", f"Known settings: {KNOWN}."
            )
            for e in error.errors()
        ]
        raise MistakesError(wrong) from error


KNOWN = ", ".join(Settings.model_fields)


def _span(text: str) -> timedelta:
    unit = {"m": "minutes", "h": "hours", "d": "days"}[text[-1]]
    return timedelta(**{unit: int(text[:-1])})


def _names_a_database(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("postgresql", "postgres") and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        return False
