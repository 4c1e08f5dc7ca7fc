"""Read a YAML file into a strict pydantic model. Every mistake is named with its file and line."""

import difflib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from panelpack.config.day import EXAMPLE, NO_DAY, NOT_SET
from panelpack.config.yaml_text import AsWritten, Loader, Location, Places, parse_yaml
from panelpack.errors import ConfigurationError, shown
from panelpack.periods import QUARTER_LABEL

__all__ = ["LOADER", "AsWritten", "Location", "Mistake", "Role", "Strict", "load", "load_with_lines", "read_yaml"]

MISTAKES_SHOWN = 10
LINES_SHOWN = 5  # of a mistake that stands in many lines
LONGEST_QUOTED = 80  # characters of a value that a message repeats
# Who decided or approved something: a role, never a person's name, number or address.
Role = Annotated[str, Field(pattern=r"^[^\d@]{2,80}$", description="a role, never a person")]
Mistake = tuple[Location, str]  # where in a model, and what is wrong there
LOADER = Loader
# What pydantic says where a value is of another kind altogether.
OTHER_KINDS = {
    "string_type": "a text",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
}


class Strict(BaseModel):
    """A piece of configuration: unknown keys are errors, and nothing changes it once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)
    # In a file's own model: the keys whose values a message may quote, where it may not quote every value.
    quoted: ClassVar[frozenset[str] | None] = None
    # In a file's own model: keys of earlier versions of the file, each with the key that took its place.
    renamed: ClassVar[Mapping[str, str]] = {}
    # And those that stand in another file now, each with where.
    moved: ClassVar[Mapping[str, str]] = {}

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield what the types cannot say: where in this model, and what is wrong there."""
        yield from ()


Model = TypeVar("Model", bound=Strict)
Lines = dict[Location, int]


def load(
    path: Path,
    model: type[Model],
    find_mistakes: Callable[[Model], Iterable[Mistake]] | None = None,
    loader: Any = LOADER,
    keep: Callable[[object], object] | None = None,
) -> Model:
    """Read a YAML file as a model. Raises ConfigurationError that lists every mistake by line.

    `find_mistakes` finds what the types cannot say, where that is not the model's own method of this name. With the
    loader AsWritten only the model takes a value for a number, a date or a truth. `keep` returns what of the file's
    data the model is to have.
    """
    return load_with_lines(path, model, find_mistakes, loader, keep)[0]


def load_with_lines(
    path: Path,
    model: type[Model],
    find_mistakes: Callable[[Model], Iterable[Mistake]] | None = None,
    loader: Any = LOADER,
    keep: Callable[[object], object] | None = None,
) -> tuple[Model, Lines]:
    """Read a YAML file as `load` does; return the model, and the line of every key and item in the file."""
    data, places = _read(path, loader)
    data = keep(data) if keep else data
    try:
        read = model.model_validate(data if data is not None else {})
        mistakes = [
            (_line_of(where, places.lines), message) for where, message in (find_mistakes or model.find_mistakes)(read)
        ]
    except ValidationError as error:
        mistakes = list(_mistakes_of(error.errors(include_url=False), data, places, model))
    if not mistakes:
        return read, places.lines
    messages = [f"{shown(path)}, {where}: {message}" for where, message in _by_message(mistakes)]
    if len(messages) > MISTAKES_SHOWN:
        messages[MISTAKES_SHOWN:] = [f"{shown(path)}: {len(messages) - MISTAKES_SHOWN} more mistakes are not shown."]
    raise ConfigurationError("\n".join(messages))


def read_yaml(path: Path, loader: Any = LOADER) -> tuple[object, Lines]:
    """Return the file's data and the line of every key and item in it. `loader`: LOADER or AsWritten.

    Raises ConfigurationError for a missing file, broken YAML or a key that stands twice.
    """
    data, places = _read(path, loader)
    return data, places.lines


def read_text(path: Path) -> str:
    """Return the text of a file that the office writes. Raises ConfigurationError where that cannot be."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(_missing(path)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"{shown(path)}, line {line}: this is not UTF-8 text. Save the file as UTF-8."
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{shown(path)}: the file cannot be read: {error.strerror}. Correct that.") from None


def _missing(path: Path) -> str:
    """Say that there is no such file, and how to come by it."""
    name = shown(path)
    quarter = next((part for part in (path.stem, path.parent.name) if QUARTER_LABEL.fullmatch(part)), "")
    params = path.parent if path.stem == quarter else Path(*path.absolute().parts[:-4], "params")
    if quarter and not any((params / f"{quarter}{kind}").exists() for kind in (".yml", ".md")):
        return f"{name}: there is no such file, so {quarter} was not started. Type make new-quarter Q={quarter}"
    return f"{name}: there is no such file. Restore it (git checkout {name}) or create it."


def _read(path: Path, loader: Any) -> tuple[object, Places]:
    return _parsed(read_text(path), shown(path), loader)


# The plan is parsed before the forks, and every notebook reads the same text.
_parsed = lru_cache(maxsize=8)(parse_yaml)


def _by_message(mistakes: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Yield each message once with its lines ('line 3', 'lines 3, 5 and 7'), in the order of the first of them."""
    lines: dict[str, list[int]] = {}
    for line, message in sorted(set(mistakes)):
        lines.setdefault(message, []).append(line)
    for message, places in lines.items():
        unshown = len(places) - LINES_SHOWN
        words = [str(line) for line in places[:LINES_SHOWN]] + ([f"{unshown} more"] if unshown > 0 else [])
        yield (f"line {words[0]}" if len(words) == 1 else f"lines {', '.join(words[:-1])} and {words[-1]}"), message


def _line_of(location: Location, lines: Lines) -> int:
    """Return the line of the deepest part of a location that the file has (keys are text in the file)."""
    at = tuple(part if isinstance(part, int) else str(part) for part in location)
    while at not in lines:
        at = at[:-1]
    return lines[at]


def _mistakes_of(errors: Sequence[Any], data: object, places: Places, model: type[Strict]) -> Iterator[tuple[int, str]]:
    """Yield each of pydantic's errors as line and sentence; those of a value that may be of several kinds as one."""
    by_place: dict[Location, list[Any]] = {}
    for error in errors:
        by_place.setdefault(_in_file(error, data), []).append(error)
    for at, alike in by_place.items():
        inside = any(len(other) > len(at) and other[: len(at)] == at for other in by_place)
        if inside and all(error["type"] in OTHER_KINDS for error in alike):
            continue  # another of the allowed kinds fits better, and its mistake is named
        chosen = [error for error in alike if error["type"] not in OTHER_KINDS] or alike
        yield _line_of(at, places.lines), _sentence(chosen, at, places.written.get(at), model)


def _in_file(error: Any, data: object) -> Location:
    """Return where an error stands in the file: pydantic also names which of the allowed kinds it tried."""
    at: list[Hashable] = []
    parts, here = list(error["loc"]), data
    last = parts.pop() if error["type"] == "missing" else None
    for part in parts:
        is_key = isinstance(here, dict) and part in here
        if is_key or (isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)):
            here = here[part]  # type: ignore[index]
            at.append(part)
    return (*at, last) if last is not None else tuple(at)


def _sentence(errors: Sequence[Any], at: Location, written: str | None, model: type[Strict]) -> str:
    """Say what is wrong at a place. `written`: the value as it stands in the file, None where it is no single one."""
    error, key = errors[0], ".".join(str(part) for part in at) or "the file"
    if error["type"] == "extra_forbidden":
        return f"{key}: there is no such key here. {_remedy(at, model)}"
    about = _properties_at(at[:-1], model.model_json_schema()).get(at[-1], {}).get("description") if at else None
    if error["type"] == "missing":
        return f"{key}: this key is missing. Add it{f' ({about})' if about else ''}."
    if error["type"] == NOT_SET:
        write = error.get("ctx", {}).get("write") or f"{about or 'the day'}, as in {EXAMPLE}"
        return f"{at[-1]}: {error['msg']}. Write {write}."
    value, may_quote = error["input"], model.quoted is None or model.quoted.intersection(at[-1:])
    if error["type"] in OTHER_KINDS:
        return f"{key}: {_other_kind(errors, value, written if may_quote else None)}"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == NO_DAY:
        return f"{key}: {message if may_quote else 'this is no day. Write it as in ' + EXAMPLE + '.'}"
    if error["type"] == "literal_error" and len(errors) > 1:
        forms = [form for e in errors for form in e["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        message = f"input should be {', '.join(forms[:-1])} or {forms[-1]}"
    is_short = isinstance(value, str | int | float | bool | None) and not message.startswith(repr(value))
    described = f"{_cut(repr(value))}: " if may_quote and is_short else ""
    return f"{key}: {described}{message[0].lower()}{message[1:]}".rstrip(".") + "."


def _other_kind(errors: Sequence[Any], value: object, written: str | None) -> str:
    """Say that a value is of another kind: '2022 is read as a number, expected a text. Write it in ...'."""
    expected = " or ".join(dict.fromkeys(OTHER_KINDS[error["type"]] for error in errors))
    if value is None:
        return f"nothing stands here, expected {expected}. Write it."
    if written is not None and isinstance(value, bool | int | float | date) and expected.startswith("a text"):
        kind = "yes or no" if isinstance(value, bool) else "a day" if isinstance(value, date) else "a number"
        return (
            f"{_cut(written)} is read as {kind}, expected {expected}. Write it in quotation marks: '{_cut(written)}'."
        )
    kind = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a single value"
    return f"found {kind}, expected {expected}. Correct it."


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…"


def _remedy(location: Location, model: type[Strict]) -> str:
    """Say where an unknown key belongs: in another file, under the name that took its place, or how it is spelled."""
    unknown = str(location[-1])
    if len(location) == 1 and unknown in model.moved:
        return f"It stands in {model.moved[unknown]}. Move it there, and remove it here."
    if unknown in model.renamed:
        return f"It is called {model.renamed[unknown]!r} now. Rename it."
    alike = difflib.get_close_matches(
        unknown, [str(key) for key in _properties_at(location[:-1], model.model_json_schema())], n=1
    )
    return f"Did you mean {alike[0]!r}?" if alike else "Remove it or correct its spelling."


def _properties_at(location: Location, schema: Mapping[str, Any]) -> Mapping[Hashable, Any]:
    """Return the keys that a JSON Schema allows at a place, each with its own schema."""

    def kinds(here: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rpartition("/")[2]]
        yield here
        for kind in here.get("anyOf", ()):
            yield from kinds(kind)

    possible = list(kinds(schema))
    for part in location:
        inner = [
            here["items"]
            if isinstance(part, int) and "items" in here
            else here.get("properties", {}).get(part)
            or here.get("additionalProperties")
            or next(iter(here.get("patternProperties", {}).values()), None)
            for here in possible
        ]
        possible = [kind for here in inner if isinstance(here, dict) for kind in kinds(here)]
    return {name: about for here in possible for name, about in here.get("properties", {}).items()}
