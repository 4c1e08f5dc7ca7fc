"""Read a YAML file into a strict pydantic model. Every mistake is named with its file and line."""

import difflib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from panelpack.errors import ConfigurationError, shown

MISTAKES_SHOWN = 10
# Who decided or approved something: a role, never a person's name, number or address.
Role = Annotated[str, Field(pattern=r"^[^\d@]{2,80}$", description="a role, never a person")]
Location = tuple[Hashable, ...]
Mistake = tuple[Location, str]  # where in a model, and what is wrong there


class Strict(BaseModel):
    """A piece of configuration: unknown keys are errors, and nothing changes it once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    # In a file's own model: the keys whose values a message may quote, where it may not quote every value.
    quoted: ClassVar[frozenset[str] | None] = None
    # In a file's own model: keys of earlier versions of the file, each with the key that took its place.
    renamed: ClassVar[Mapping[str, str]] = {}

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield what the types cannot say: where in this model, and what is wrong there."""
        yield from ()


Model = TypeVar("Model", bound=Strict)
Lines = dict[Location, int]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class AsWritten(_Base):  # which of yaml's loaders it is depends on how yaml was built
    """Leaves every value as the text that stands in the file (`010`, `no`, `28.00`); where nothing stands, as None."""

    def construct_scalar(self, node: yaml.ScalarNode) -> str | None:
        """Return a value's text; None where there is not even a pair of quotation marks."""
        text: str = super().construct_scalar(node)
        return text if node.value or node.style else None


def load(
    path: Path,
    model: type[Model],
    find_mistakes: Callable[[Model], Iterable[Mistake]] | None = None,
    loader: Any = LOADER,
) -> Model:
    """Read a YAML file as a model. Raises ConfigurationError that lists every mistake by line.

    `find_mistakes` finds what the types cannot say, where that is not the model's own method of this name. With the
    loader AsWritten only the model takes a value for a number, a date or a truth.
    """
    return load_with_lines(path, model, find_mistakes, loader)[0]


def load_with_lines(
    path: Path,
    model: type[Model],
    find_mistakes: Callable[[Model], Iterable[Mistake]] | None = None,
    loader: Any = LOADER,
) -> tuple[Model, Lines]:
    """Read a YAML file as `load` does; return the model, and the line of every key and item in the file."""
    data, lines = read_yaml(path, loader)
    try:
        read = model.model_validate(data if data is not None else {})
        mistakes = [
            (_line_of(where, lines), message) for where, message in (find_mistakes or model.find_mistakes)(read)
        ]
    except ValidationError as error:
        mistakes = [(_line_of(e["loc"], lines), _sentence(e, model)) for e in error.errors(include_url=False)]
    if not mistakes:
        return read, lines
    mistakes = sorted(set(mistakes))
    messages = [f"{shown(path)}, line {line}: {message}" for line, message in mistakes[:MISTAKES_SHOWN]]
    if len(mistakes) > MISTAKES_SHOWN:
        messages.append(f"{shown(path)}: {len(mistakes) - MISTAKES_SHOWN} more mistakes are not shown.")
    raise ConfigurationError("\n".join(messages))


def read_yaml(path: Path, loader: Any = LOADER) -> tuple[object, Lines]:
    """Return the file's data and the line of every key and item in it. `loader`: LOADER or AsWritten.

    Raises ConfigurationError for a missing file, broken YAML or a key that stands twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(f"{shown(path)}: there is no such file. Create it.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{shown(path)}: the file is not UTF-8 text. Save it as UTF-8.") from None
    return _parsed(text, path, loader)


@lru_cache(maxsize=8)  # the plan is parsed before the forks, and every notebook reads the same text
def _parsed(text: str, path: Path, loader: Any) -> tuple[object, Lines]:
    try:
        reading = loader(text)
        node = reading.get_single_node()
        lines: Lines = {(): 1}
        if node is None:
            return None, lines
        _note_lines(node, (), path, lines)
        return reading.construct_document(node), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ConfigurationError(f"{shown(path)}{where}: this is not YAML: {problem}. Correct the line.") from None


def _note_lines(node: yaml.Node, at: Location, path: Path, lines: Lines) -> None:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*at, key.value)
            if inner in lines:
                # YAML would keep the last of the two without a word.
                raise ConfigurationError(
                    f"{shown(path)}, line {key.start_mark.line + 1}: {key.value!r} stands twice, "
                    f"first in line {lines[inner]}. Remove one."
                )
            _note_lines(value, inner, path, lines)
            lines[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _note_lines(value, (*at, number), path, lines)


def _line_of(location: Location, lines: Lines) -> int:
    """Return the line of the deepest part of a location that the file has (keys are text in the file)."""
    at = tuple(part if isinstance(part, int) else str(part) for part in location)
    while at not in lines:
        at = at[:-1]
    return lines[at]


def _sentence(error: Any, model: type[Strict]) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        return f"{key}: there is no such key here. {_remedy(error['loc'], model)}"
    if error["type"] == "missing":
        about = (
            _properties_at(error["loc"][:-1], model.model_json_schema()).get(error["loc"][-1], {}).get("description")
        )
        return f"{key}: this key is missing. Add it{f' ({about})' if about else ''}."
    message = error["msg"].removeprefix("Value error, ")
    value, may_quote = error["input"], model.quoted is None or model.quoted.intersection(error["loc"][-1:])
    is_short = isinstance(value, str | int | float | bool | None) and not message.startswith(repr(value))
    described = f"{value!r}: " if may_quote and is_short else ""
    return f"{key}: {described}{message[0].lower()}{message[1:]}".rstrip(".") + "."


def _remedy(location: Location, model: type[Strict]) -> str:
    """Say which key an unknown one should be: the one that took its place, else the one that is spelled like it."""
    unknown = str(location[-1])
    if unknown in model.renamed:
        return f"It is called {model.renamed[unknown]!r} now. Rename it."
    alike = difflib.get_close_matches(
        unknown, [str(key) for key in _properties_at(location[:-1], model.model_json_schema())], n=1
    )
    return f"Did you mean {alike[0]!r}?" if alike else "Remove it or correct its spelling."


def _properties_at(location: Location, schema: Mapping[str, Any]) -> Mapping[Hashable, Any]:
    """Return the keys that a JSON Schema allows at a place, each with its own schema."""
    here: Any = schema
    for part in (*location, None):
        while "$ref" in here or "anyOf" in here:
            reference = here.get("$ref") or next((s["$ref"] for s in here["anyOf"] if "$ref" in s), "")
            here = schema["$defs"].get(reference.rpartition("/")[2], {})
        if part is not None:
            inner = here.get("items") if isinstance(part, int) else here.get("additionalProperties")
            here = here.get("properties", {}).get(part) or inner or {}
    properties: Mapping[Hashable, Any] = here.get("properties", {})
    return properties
