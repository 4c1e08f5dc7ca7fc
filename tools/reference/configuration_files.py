"""A page a configuration file: its keys, from the JSON Schema of its model."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from panelpack.config.corrections import Corrections
from panelpack.config.groups import Groups
from panelpack.config.official import ComparatorTable
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.presets import Preset
from panelpack.config.reviews import Reviews
from panelpack.config.sources import Sources
from panelpack.publishing.approvals import Approvals
from tools.reference.markdown import code, page, sentence, table, words_of
from tools.reference.meanings import Meanings


class Schema(NamedTuple):
    """A page about a configuration file: its name, title, the file that it is about, and the model of it."""

    page: str
    title: str
    file: str
    model: type[BaseModel]


SCHEMAS = (
    Schema("plan", "The plan", "params/plan.yml", Plan),
    Schema("layouts", "Presets", "params/layouts/<name>.yml", Preset),
    Schema("parameters", "The quarter's parameters", "params/<quarter>.yml", Parameters),
    Schema("corrections", "Corrections", "params/corrections.yml", Corrections),
    Schema("sources", "Sources", "data/raw/<quarter>/sources.yml", Sources),
    Schema("approvals", "Approvals", "params/approvals.yml", Approvals),
    Schema("reviews", "Reviews", "params/reviews.yml", Reviews),
    Schema("groups", "Most similar forces", "params/groups.yml", Groups),
    Schema("comparators", "The table that forces are compared by", "data/comparators/offences.yml", ComparatorTable),
)


def schema_page(schema: Schema, meanings: Meanings) -> str:
    """Return the page of a configuration file, from the JSON Schema of its model: a section an object."""
    whole = schema.model.model_json_schema()
    objects = {schema.model.__name__: whole, **whole.get("$defs", {})}
    order = sorted(objects, key=_in_order_of_use(schema.model.__name__, objects).index)
    parts = [f"The keys of {code(schema.file)}. An unknown key is an error, which names the line."]
    for name in order:
        described = objects[name]
        rows = [
            [
                code(key),
                _kind(entry),
                _default(entry, key in described.get("required", ())),
                sentence(entry.get("description") or meanings.of("models", (name, key))),
            ]
            for key, entry in described["properties"].items()
        ]
        about = "" if name == schema.model.__name__ else str(described.get("description", ""))
        heading = "The file" if name == schema.model.__name__ else words_of(name)
        parts += [f"## {heading}", about, table(["Key", "Value", "Default", "Meaning"], rows)]
    return page(schema.title, *parts)


def _in_order_of_use(start: str, objects: Mapping[str, Any]) -> list[str]:
    """Return the objects from the outside inwards, in the order in which keys name them."""
    found = [start]
    for name in found:
        found += [used for used in dict.fromkeys(_named(objects[name]["properties"])) if used not in found]
    return found


def _named(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            if key == "$ref":
                yield branch.rpartition("/")[2]
            else:
                yield from _named(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _named(branch)


def _kind(entry: Mapping[str, Any]) -> str:
    """Return in words what a value of the schema may be."""
    if reference := entry.get("$ref"):
        words = words_of(reference.rpartition("/")[2])
        return f"[{words.lower()}](#{words.lower().replace(' ', '-')})"
    if options := entry.get("anyOf"):
        return " or ".join(_kind(option) for option in options if option.get("type") != "null")
    if values := entry.get("enum"):
        return " or ".join(code(value) for value in values)
    if isinstance(entry["type"], list):
        return "text, as it stands in the file"
    if entry["type"] == "array":
        return f"list of: {_kind(entry['items'])}"
    if entry["type"] == "object":
        inner = entry.get("additionalProperties") or next(iter(entry["patternProperties"].values()))
        return f"names, each with: {_kind(inner)}"
    if entry.get("format") == "date":
        return "date"
    if "pattern" in entry:
        return f"text like {code(entry['pattern'])}"
    least = f" of {entry['minimum']} or more" if "minimum" in entry else ""
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}[
        entry["type"]
    ] + least


def _default(entry: Mapping[str, Any], required: bool) -> str:
    if required:
        return "needed"
    default = entry.get("default")
    return "none" if default in (None, "", [], {}) else code(str(default).lower() if default is True else default)
