"""Sign-in by a company's own identity provider: OpenID Connect's authorization code flow with PKCE.

https://openid.net/specs/openid-connect-core-1_0.html; joserfc checks the ID token's signature and claims.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from base64 import b64encode, urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from accord.errors import AccordError
from accord.outgoing import FailedCallError, RefusedCallError, call
from accord.settings import Oidc, Settings

SECRET = "ACCORD_OIDC_SECRET"  # noqa: S105  the name of a variable
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures with a key of the provider's alone: with HS256 whoever knows the client's secret could sign."""
WAYS = "token_endpoint_auth_methods_supported"
SCOPE = "openid email profile"
LEEWAY = 60
"""Seconds by which clocks may differ."""
PATIENCE = 600
"""Seconds within which somebody has to come back from the provider."""


class SignInRefused(AccordError):
    """Somebody cannot be let in by the identity provider."""

    code = "sign_in_refused"


@dataclass(frozen=True)
class Attempt:
    """One way to the provider and back; kept in the session of whoever goes it."""

    going_to: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    at: float = field(default_factory=time.time)

    def kept(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Claimed:
    """Whom the provider says it is: `subject` is lasting, `email` in lower case, proven to be theirs."""

    issuer: str
    subject: str
    email: str


class Provider:
    """The identity provider that accord.toml names."""

    def __init__(self, settings: Settings) -> None:
        if settings.oidc is None:
            raise SignInRefused("No identity provider is named.", mend="Sign in with your password.")
        self._own: Oidc = settings.oidc
        self._reach, self._back = settings.reach, settings.address.rstrip("/") + "/sign-in/oidc/back"
        self._about = self._get(f"{self._own.issuer.rstrip('/')}/.well-known/openid-configuration")
        if self._about.get("issuer") != self._own.issuer:
            raise SignInRefused(
                f"The identity provider calls itself {self._about.get('issuer')}.",
                mend="Write its name into accord.toml just so: [oidc] issuer.",
            )

    def address(self, attempt: Attempt) -> str:
        """Where the browser is sent to."""
        challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._own.client_id,
            "redirect_uri": self._back,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def claimed(self, code: str, attempt: Attempt) -> Claimed:
        """Who came back with a code. Raises SignInRefused."""
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": attempt.verifier,
        }
        proof, header = self._proof()
        told = self._ask("POST", self._endpoint("token_endpoint"), form=given | proof, headers=header)
        return self._checked(str(told.get("id_token", "")), attempt.nonce)

    def _proof(self) -> tuple[dict[str, str], dict[str, str]]:
        """What proves that we are the client, as fields and headers.

        By HTTP's basic scheme (RFC 6749, 2.3.1), unless the provider says that it does not take that.
        """
        name, secret = self._own.client_id, os.environ.get(SECRET, "")
        if "client_secret_basic" not in self._about.get(WAYS, ["client_secret_basic"]):
            return {"client_id": name, "client_secret": secret}, {}
        both = f"{quote_plus(name)}:{quote_plus(secret)}"
        return {}, {"authorization": f"Basic {b64encode(both.encode()).decode()}"}

    def _checked(self, token: str, nonce: str) -> Claimed:
        keys = KeySet.import_key_set(self._get(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._own.issuer},
            aud={"essential": True, "value": self._own.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise SignInRefused(
                f"What the identity provider says cannot be trusted ({type(error).__name__}).",
                mend="Try again; if it stays so, look at [oidc] in accord.toml.",
            ) from error
        if claims.get("azp", self._own.client_id) != self._own.client_id:
            raise SignInRefused("The identity provider means another application.")
        return Claimed(self._own.issuer, str(claims["sub"]), self._email(claims))

    def _email(self, claims: dict[str, Any]) -> str:
        email = str(claims.get("email", "")).strip().lower()
        proven = claims.get("email_verified", self._own.trust_email)
        if not email or proven not in (True, "true"):
            raise SignInRefused(
                "The identity provider does not vouch for your e-mail address.",
                mend="Ask operations: it must send email and email_verified.",
            )
        return email

    def _endpoint(self, name: str) -> str:
        if not isinstance(found := self._about.get(name), str):
            raise SignInRefused(f"The identity provider tells no {name}.")
        return found

    def _get(self, url: str) -> dict[str, Any]:
        return self._ask("GET", url)

    def _ask(
        self,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            answer = call(method, url, reach=self._reach, form=form, headers=headers)
            told = json.loads(answer.body)
        except (FailedCallError, RefusedCallError, ValueError) as error:
            why = str(error) if isinstance(error, AccordError) else "It does not answer in JSON."
            raise SignInRefused(f"The identity provider cannot be asked. {why}") from error
        if answer.status != 200 or not isinstance(told, dict):
            raise SignInRefused(f"The identity provider refuses (answer {answer.status}).", mend="Try again.")
        return told
