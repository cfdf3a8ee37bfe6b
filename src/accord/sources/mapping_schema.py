"""The JSON Schema of mapping files, for editors; `docs/reference/mapping.schema.json` is made from it."""

from __future__ import annotations

import json

from accord.ledger.tables import FACTS
from accord.sources.mapping import Mapping


def mapping_schema() -> str:
    """The schema as JSON text."""
    schema = Mapping.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Accord mapping"
    schema["$defs"]["Facts"]["properties"]["table"]["enum"] = list(FACTS)
    join = schema["$defs"]["File"]["properties"]["join"]
    schema["$defs"]["File"]["properties"]["join"] = {
        "description": join["description"],
        "anyOf": [{"$ref": "#/$defs/Join"}, {"type": "array", "items": {"$ref": "#/$defs/Join"}}],
    }
    for model in (schema, *schema["$defs"].values()):
        for shape in (model, *model.get("anyOf", ())):
            for key in shape.get("properties", {}).values():
                key.pop("title", None)
                key.pop("default", None)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
