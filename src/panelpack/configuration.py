"""Read a YAML file into a strict pydantic model; every mistake is named with its file and line."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from panelpack.errors import ConfigurationError

MISTAKES_SHOWN = 10
Location = tuple[Hashable, ...]
Problem = tuple[Location, str]  # where in a model, and what is wrong there


class Strict(BaseModel):
    """A piece of configuration: unknown keys are errors, and nothing changes it once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    # In a file's own model: the keys whose values a message may quote, where it may not quote every value.
    quoted: ClassVar[frozenset[str] | None] = None

    def problems(self) -> Iterator[Problem]:
        """Yield what the types cannot say: where in this model, and what is wrong there."""
        yield from ()


Model = TypeVar("Model", bound=Strict)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class AsWritten(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Leaves every value as the text that stands in the file (`010`, `no`, `28.00`); where nothing stands, as None."""

    def construct_scalar(self, node: yaml.Node) -> str | None:
        """Return a value's text; None where there is not even a pair of quotation marks."""
        return super().construct_scalar(node) if node.value or node.style else None


def shown(path: Path) -> str:
    """Return the path as messages name it: from the project's folder, wherever the command was started."""
    for folder in path.absolute().parents:
        if (folder / "params" / "plan.yml").exists():
            return path.absolute().relative_to(folder).as_posix()
    return str(path)


def _lines(node: yaml.Node, at: Location, path: Path, lines: dict[Location, int]) -> None:
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
            _lines(value, inner, path, lines)
            lines[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _lines(value, (*at, number), path, lines)


def _line_of(location: Location, lines: dict[Location, int]) -> int:
    """Return the line of the deepest part of a location that the file has (keys are text in the file)."""
    at = tuple(part if isinstance(part, int) else str(part) for part in location)
    while at not in lines:
        at = at[:-1]
    return lines[at]


def read_yaml(path: Path, loader: type = LOADER) -> tuple[object, dict[Location, int]]:
    """Return the file's data and the line of every key and item in it. `loader`: LOADER or AsWritten.

    Raises ConfigurationError for a missing file, broken YAML or a key that stands twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(f"{shown(path)}: there is no such file. Create it.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{shown(path)}: the file is not UTF-8 text. Save it as UTF-8.") from None
    try:
        node = yaml.compose(text, Loader=loader)
        data = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ConfigurationError(f"{shown(path)}{where}: this is not YAML: {problem}. Correct the line.") from None
    lines: dict[Location, int] = {(): 1}
    if node is not None:
        _lines(node, (), path, lines)
    return data, lines


def _sentence(error: dict, quoted: frozenset[str] | None) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        return f"{key}: there is no such key here. Remove it or correct its spelling."
    if error["type"] == "missing":
        return f"{key}: this key is missing. Add it."
    message = error["msg"].removeprefix("Value error, ")
    found, may_quote = error["input"], quoted is None or quoted.intersection(error["loc"][-1:])
    described = f"{found!r}: " if may_quote and isinstance(found, str | int | float | bool | None) else ""
    return f"{key}: {described}{message[0].lower()}{message[1:]}".rstrip(".") + "."


def load(
    path: Path,
    model: type[Model],
    problems: Callable[[Model], Iterable[Problem]] | None = None,
    loader: type = LOADER,
) -> Model:
    """Read a YAML file as a model. Raises ConfigurationError that lists every mistake by line.

    `problems` finds what the types cannot say, where that is not the model's own method of this name. With the loader
    AsWritten no value is taken for a number, a date or a truth but by the model.
    """
    data, lines = read_yaml(path, loader)
    try:
        read = model.model_validate(data if data is not None else {})
        found = [(_line_of(where, lines), message) for where, message in (problems or model.problems)(read)]
    except ValidationError as error:
        found = [(_line_of(e["loc"], lines), _sentence(e, model.quoted)) for e in error.errors(include_url=False)]
    if not found:
        return read
    found = sorted(set(found))
    messages = [f"{shown(path)}, line {line}: {message}" for line, message in found[:MISTAKES_SHOWN]]
    if len(found) > MISTAKES_SHOWN:
        messages.append(f"{shown(path)}: {len(found) - MISTAKES_SHOWN} more mistakes are not shown.")
    raise ConfigurationError("\n".join(messages))
