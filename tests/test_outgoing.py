"""Calls to other hosts: where they may go and what they may cost, against a real server."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accord.outgoing import FailedCallError, RefusedCallError, call

LOOPBACK = ("127.0.0.0/8",)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, self.headers["Host"]))
        moved = {"/away": "http://localhost.example/x", "/near": "/ok", "/round": "/round"}.get(self.path)
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", moved)
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b"x" * 2_000)
        for _ in range(20 if self.path == "/slow" else 0):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)
        if self.path == "/ok":
            self.wfile.write(b"fine")

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def at(server, path, host="127.0.0.1"):
    return f"http://{host}:{server.server_port}{path}"


def test_a_listed_network_is_called_and_a_redirect_within_the_host_followed(server):
    answer = call("GET", at(server, "/near"), reach=LOOPBACK)
    assert (answer.status, answer.body) == (200, b"fine")


def test_a_listed_host_is_called_by_its_name(server):
    assert call("GET", at(server, "/ok", "localhost"), reach=("localhost",)).body == b"fine"
    assert server.seen == [("/ok", f"localhost:{server.server_port}")]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "0.0.0.0",
        "240.0.0.1",
        "100.64.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_resolves_to_an_address_not_public_is_refused(server, monkeypatch, scheme, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    )
    with pytest.raises(RefusedCallError, match="list it in"):
        call("GET", f"{scheme}://looks.public.example:{server.server_port}/ok")
    assert server.seen == []


@pytest.mark.parametrize(
    ("path", "wanted"), [("/away", "another host"), ("/round", "without end"), ("/large", "more than 1000")]
)
def test_what_is_never_followed_or_read(server, path, wanted):
    with pytest.raises(RefusedCallError, match=wanted):
        call("GET", at(server, path), reach=LOOPBACK, limit=1000)


def test_a_slow_drip_ends_at_the_limit(server):
    began = time.monotonic()
    with pytest.raises(FailedCallError, match="too long"):
        call("GET", at(server, "/slow"), reach=LOOPBACK, seconds=0.4)
    assert time.monotonic() - began < 1.5


def test_no_proxy_from_the_environment(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert call("GET", at(server, "/ok"), reach=LOOPBACK).status == 200


@pytest.mark.skipif(
    not shutil.which("openssl"), reason="a certificate is made with openssl, which is missing"
)
def test_a_certificate_nobody_signed_is_refused_for_good(server, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with pytest.raises(RefusedCallError, match="no certificate that can be trusted"):
        call("GET", f"https://127.0.0.1:{server.server_port}/ok", reach=LOOPBACK)
    assert server.seen == []
