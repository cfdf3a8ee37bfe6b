"""A server on this machine that stands for Slack and for Teams.

It refuses what the published formats (tests/desk/vendor) do not allow, so that a test of ours fails there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jsonschema
import pytest
from slack_sdk.models.blocks import Block

VENDOR = Path(__file__).parent / "vendor"
METHODS = json.loads((VENDOR / "slack" / "web-api.json").read_text())["paths"]
CARD = json.loads((VENDOR / "teams" / "adaptive-card.json").read_text())
NEWER = {"metadata", "include_all_metadata"}
"""Parameters that Slack has added since the specification was published."""
TOKEN = "xoxb-of-a-test"
PEOPLE = {"UANN": "ann@northwind.example", "UEVE": "eve@elsewhere.example", "UMIA": "mia@northwind.example"}


@dataclass
class Chat:
    """What was said in Slack and Teams, what Slack was asked, and how it answers otherwise than usual."""

    address: str = ""
    said: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def slack(self, method: str, fields: dict[str, str]) -> dict[str, Any]:
        """What Slack answers to a method."""
        self.asked.append((method, fields))
        if method in self.refuses:
            return {"ok": False, "error": self.refuses[method]}
        (spec,) = METHODS[f"/{method}"].values()
        known = {one["name"]: one for one in spec["parameters"]}
        if unknown := set(fields) - set(known) - NEWER:
            self.wrong.append(f"{method} knows no {unknown}")
        needed = {name for name, one in known.items() if one.get("required") and name != "token"}
        if missing := needed - set(fields):
            self.wrong.append(f"{method} needs {missing}")
        return self._answer(method, fields, dict(spec["example"] or {"ok": True}))

    def _answer(self, method: str, fields: dict[str, str], example: dict[str, Any]) -> dict[str, Any]:
        if method == "chat.postMessage":
            self._check_blocks(json.loads(fields["blocks"]))
            line = fields | {"ts": f"17000000{len(self.said):02}.000100"}
            self.said.append({**line, "metadata": json.loads(fields["metadata"])})
            return {"ok": True, "channel": fields["channel"], "ts": line["ts"]}
        if method == "users.lookupByEmail":
            found = [key for key, email in PEOPLE.items() if email == fields["email"]]
            return (
                {"ok": True, "user": {"id": found[0]}} if found else {"ok": False, "error": "users_not_found"}
            )
        if method == "users.info":
            return {"ok": True, "user": {"profile": {"email": PEOPLE[fields["user"]]}}}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": f"D{fields['users']}"}}
        if method in ("conversations.history", "conversations.replies"):
            return {"ok": True, "messages": [{"metadata": one["metadata"]} for one in self.said]}
        if method == "views.open":
            self._check_blocks(json.loads(fields["view"])["blocks"])
        return example

    def _check_blocks(self, blocks: list[dict[str, Any]]) -> None:
        for block in Block.parse_all(blocks):
            try:
                block.validate_json()
            except Exception as error:
                self.wrong.append(str(error))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        chat: Chat = self.server.chat  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        answer: dict[str, Any] = {}
        if self.path.startswith("/api/"):
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                answer = {"ok": False, "error": "invalid_auth"}
            elif chat.status == 200:
                fields = {
                    name: value[0] for name, value in parse_qs(body.decode(), strict_parsing=False).items()
                }
                answer = chat.slack(self.path.removeprefix("/api/"), fields)
        elif self.path.startswith("/reply/"):
            chat.replies.append(json.loads(body))
        else:
            chat.cards.append(_card(chat, json.loads(body)))
        self.send_response(chat.status)
        for name, value in chat.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: object) -> None:
        pass


def _card(chat: Chat, posted: dict[str, Any]) -> dict[str, Any]:
    (attachment,) = posted["attachments"]
    if (posted["type"], attachment["contentType"]) != ("message", "application/vnd.microsoft.card.adaptive"):
        chat.wrong.append("this is no message with a card")
    chat.wrong += [one.message for one in jsonschema.Draft6Validator(CARD).iter_errors(attachment["content"])]
    return dict(attachment["content"])


@pytest.fixture
def chat(company: Path) -> Iterator[Chat]:
    """The server, which the company may reach and whose Slack it uses; it must get nothing wrong."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    chat = server.chat = Chat(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    toml = company / "accord.toml"
    text = toml.read_text().replace("reach = []", 'reach = ["127.0.0.1"]')
    toml.write_text(f'{text}\n[slack]\napi = "{chat.address}/api/"\n')
    yield chat
    server.shutdown()
    server.server_close()
    assert chat.wrong == []
