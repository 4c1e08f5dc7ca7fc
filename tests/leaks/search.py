"""Look for planted values in what files say, however they are written there."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from leaks.containers import Piece

DIGITS = 12  # of every planted number: as many digits in a row, or all but the separators, no other text has by chance
FIRST = "7018"  # with which they begin, so that they are found at once; those of a share's base begin with a 9
FIRST_OF_SHARE = "61018"  # a planted percentage is 61.018...
PLANTED = re.compile(rf"(?=({FIRST}\d{{8}}|9{FIRST[1:]}\d{{8}}|{FIRST_OF_SHARE}\d{{7}}))")

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
# Checksums, identifiers and drawn lines are full of digits that are no numbers.
HEXADECIMAL = re.compile(r"\b(?:[0-9a-f]{32,128}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b", re.IGNORECASE)
DRAWN = re.compile(r"""\b(?:d|points|transform|viewBox)=(\\?["']).*?\1""", re.DOTALL)
BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:[\s,.'’·_\\]|<[^<>]{0,200}>)+(?=\d)")
# Numbers of ten digits and more: no figure of an office is so large, but for what was worked out from planted ones.
LARGE = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[,'’\u00a0\u2009\u202f]\d{3}){3,}|\d{10,}(?:\.\d+)?|\d(?:\.\d+)?[eE]\+?(?:09|1\d))(?![\w])"
)
HEX_RUN = re.compile(r"[0-9a-f]{10,}")
BASE64_RUN = re.compile(r"[A-Za-z0-9+/]{20,}")
SHORT = 10  # characters of a checksum by which it is told


@dataclass(frozen=True)
class Found:
    """A planted value that was found: where, what it is, and how it stood there."""

    where: str
    what: str
    how: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} ({self.how})"


@dataclass
class Planted:
    """What was planted: values by the twelve digits in them, checksums by their first characters; each with its cell."""

    values: dict[str, str] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)

    def add_checksums(self, content: bytes, of: str) -> None:
        """Note under which checksums some bytes could be known: those of files, of git, of single rows."""
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content)
        hashes = [hashlib.new(name, content) for name in ("sha256", "sha1", "md5", "sha512", "blake2b", "sha3_256")]
        for made in (*hashes, blob):
            self.checksums[made.hexdigest()[:SHORT]] = f"{made.name} of {of}"
            self.checksums[base64.b64encode(made.digest()).decode()[: 2 * SHORT]] = f"{made.name} of {of}"

    def __or__(self, other: "Planted") -> "Planted":
        return Planted({**self.values, **other.values}, {**self.checksums, **other.checksums})


def joined(text: str) -> str:
    """Return a text with nothing between two digits: no separator, mark-up, line's end or sign that is not seen."""
    return BETWEEN_DIGITS.sub("", HEXADECIMAL.sub("#", INVISIBLE.sub("", text)))


def find(pieces: Iterable[Piece], planted: Planted, *, with_checksums: bool = True) -> list[Found]:
    """Return what was found of planted values in pieces, each once a piece."""
    known: dict[int, list[tuple[str, str]]] = {}  # what the same text said elsewhere
    found = []
    for piece in pieces:
        key = hash((piece.text, piece.is_code))
        if key not in known:
            known[key] = list(dict.fromkeys(_found_in(piece, planted, with_checksums)))
        found += [Found(piece.where, what, how) for what, how in known[key]]
    return found


def _found_in(piece: Piece, planted: Planted, with_checksums: bool) -> Iterator[tuple[str, str]]:
    for digits in PLANTED.findall(joined(piece.text)):
        if digits in planted.values:
            yield planted.values[digits], digits
    if not piece.is_code:
        shown = DRAWN.sub("", HEXADECIMAL.sub("#", INVISIBLE.sub("", piece.text)))
        yield from (("a number as large as only planted ones are", match) for match in LARGE.findall(shown))
    if with_checksums:
        yield from _checksums_in(piece.text, planted.checksums)


def _checksums_in(text: str, checksums: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for run in HEX_RUN.findall(text.lower()):
        if run[:SHORT] in checksums:
            yield checksums[run[:SHORT]], run[:SHORT]
    for run in BASE64_RUN.findall(text):
        if run[: 2 * SHORT] in checksums:
            yield checksums[run[: 2 * SHORT]], run[: 2 * SHORT]
