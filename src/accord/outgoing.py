"""The one door for calls to other hosts: where they may go, how long they take, how much they bring back."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from accord.errors import AccordError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
REDIRECTS = 3


class RefusedCallError(AccordError):
    """A call that this installation does not make; asking again does not help."""

    code = "call-refused"


class FailedCallError(AccordError):
    """A call that got no whole answer; asking again later may help."""

    code = "call-failed"
    transient = True


@dataclass(frozen=True)
class Answer:
    """What a host answered, read whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Pinned(httpx.HTTPTransport):
    """Resolves a name once, checks all it gets, connects to one; Host and certificate keep the name."""

    def __init__(self, reach: tuple[str, ...]) -> None:
        super().__init__(trust_env=False, http2=False)
        self.reach = reach

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or {"https": 443, "http": 80}[request.url.scheme]
        address = _checked(request.url.scheme, host, port, self.reach)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=str(address))
        return super().handle_request(request)


def call(
    method: str,
    url: str,
    *,
    reach: tuple[str, ...] = (),
    json: Any = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 10,
    limit: int = 1_000_000,
) -> Answer:
    """The host's answer, of at most `limit` bytes; redirects only within the same host.

    What is sent is `json`, or the fields of a `form`.

    `seconds` limits each wait (to connect, for the next bytes) and the reading of the body as a whole.

    `reach` lists hosts and networks that may be private and called without TLS (`accord.toml`).
    Raises RefusedCallError and FailedCallError, whose texts hold the host, never path or headers.
    """
    ends = time.monotonic() + seconds
    target = httpx.URL(url)
    with httpx.Client(transport=_Pinned(reach), trust_env=False, timeout=seconds) as client:
        for _ in range(REDIRECTS + 1):
            if target.scheme not in ("http", "https") or not target.host:
                raise RefusedCallError("Only https addresses are called.", mend="Begin it with https://.")
            request = client.build_request(
                method,
                target,
                json=json,
                data=form,
                headers={**(headers or {}), "accept-encoding": "identity"},
            )
            answer, onward = _read(client, request, ends, limit)
            if onward is None:
                return answer
            if (onward.scheme, onward.host, onward.port) != (target.scheme, target.host, target.port):
                raise RefusedCallError(
                    f"{target.host} sends the call on to another host.", mend="Use its address."
                )
            target = onward
    raise RefusedCallError(f"{target.host} redirects without end.")


def _read(
    client: httpx.Client, request: httpx.Request, ends: float, limit: int
) -> tuple[Answer, httpx.URL | None]:
    """The answer, and where it redirects to if it does."""
    host, asked = request.url.host, request.url
    try:
        with client.stream(
            request.method, asked, content=request.content, headers=request.headers
        ) as response:
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > limit:
                    raise RefusedCallError(f"{host} answers with more than {limit} bytes.")
                if time.monotonic() > ends:
                    raise FailedCallError(f"{host} takes too long to answer.")
            onward = asked.join(response.headers["location"]) if response.has_redirect_location else None
            return Answer(response.status_code, dict(response.headers), bytes(body)), onward
    except httpx.TimeoutException:
        raise FailedCallError(f"{host} takes too long to answer.") from None
    except httpx.HTTPError as error:
        if _of_certificate(error):
            raise RefusedCallError(
                f"{host} shows no certificate that can be trusted.", mend="Let its owner renew it."
            ) from None
        raise FailedCallError(f"{host} cannot be reached ({type(error).__name__}).") from None


def _of_certificate(error: BaseException | None) -> bool:
    """Whether a certificate that failed its check lies at the bottom of an error."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _checked(scheme: str, host: str, port: int, reach: tuple[str, ...]) -> Address:
    """One address of the host, after all of them were found to be allowed."""
    found = _addresses(host, port)
    if not _listed(host, found, reach):
        if not all(_public(address) for address in found):
            raise RefusedCallError(f"{host} lies in a private network.", mend=_mend(host))
        if scheme != "https":
            raise RefusedCallError(f"{host} would be called without TLS.", mend=_mend(host))
    return found[0]


def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FailedCallError(f"The address of {host} is not found.") from None
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _listed(host: str, addresses: list[Address], reach: tuple[str, ...]) -> bool:
    if host in reach:
        return True
    networks = [ipaddress.ip_network(entry, strict=False) for entry in reach if _is_network(entry)]
    return all(any(address in network for network in networks) for address in addresses)


def _is_network(entry: str) -> bool:
    try:
        ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
    return True


def _public(address: Address) -> bool:
    """Whether anybody on the internet may have this address; IPv4 inside IPv6 is judged as IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return _public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _mend(host: str) -> str:
    return f'If it is yours, list it in accord.toml: reach = ["{host}"].'
