"""The reference pages of the agreement, generated from the models: JSON Schema and tables of keys."""

from __future__ import annotations

from typing import Any

from accord.agreement.models import AgreementFile

SCHEMA_URL = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `agreement.yaml`, for editors: keys, types, descriptions."""
    schema = AgreementFile.model_json_schema(by_alias=True)
    return {"$schema": SCHEMA_URL, **_tidy(schema), "title": "Accord agreement"}


def _tidy(value: Any) -> Any:
    """Without pydantic's titles, empty defaults, and `null` (an empty value is a mistake)."""
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {key: _tidy(inner) for key, inner in value.items() if key != "title" or isinstance(inner, dict)}
    if {"type": "null"} in found.get("anyOf", []):
        rest = [inner for inner in found.pop("anyOf") if inner != {"type": "null"}]
        found = (rest[0] if len(rest) == 1 else {"anyOf": rest}) | found
    if "description" in found and found.get("default", "") in (None, []):
        del found["default"]
    return found
