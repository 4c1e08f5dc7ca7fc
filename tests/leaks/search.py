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
# A pattern each, since one that begins with what never changes is found much sooner.
PLANTED = [re.compile(rf"{first}\d{{{DIGITS - len(first)}}}") for first in (FIRST, f"9{FIRST[1:]}", FIRST_OF_SHARE)]

# What may stand between the digits of one number: separators, ends of lines and what is not seen.
SEPARATORS = " ,.'’·_\\\t\r\n\u00a0\u2009\u200a\u202f"
NOT_SEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
BETWEEN_DIGITS = dict.fromkeys(map(ord, SEPARATORS + NOT_SEEN))
MARK_UP = re.compile(r"(?<=\d)(?:<[^<>]{0,300}>)+(?=\d)")
# Numbers of ten digits and more: no figure of an office is so large, but for what was worked out from planted ones.
LARGE = re.compile(
    r"(?<![\w.,-])(?:\d{10,}(?:\.\d+)?|\d{1,3}(?:[,'’\u00a0\u2009\u202f]\d{3}){3,}|\d(?:\.\d+)?[eE]\+?(?:09|1\d))(?![\w-])"
)
# A checksum, or the beginning of one, that is said to be one: it may happen to have no letter.
CHECKSUM = re.compile(
    r"sha256(?: begins)? [0-9a-f]{12,64}|<code>[0-9a-f]{12}</code>|seal: (?:&quot;|\")[0-9a-f]{12}|\b[0-9a-f]{40,128}\b"
)
HEX_RUN = re.compile(r"\b[0-9a-fA-F]{10,}")
BASE64_RUN = re.compile(r"\b[A-Za-z0-9+/]{20,}")
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
    """What was planted: values by their twelve digits, checksums by their first characters; each with its cell."""

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
    return MARK_UP.sub("", text.translate(BETWEEN_DIGITS))


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
    text = joined(piece.text)
    for digits in (digits for pattern in PLANTED for digits in pattern.findall(text)):
        if digits in planted.values:
            yield planted.values[digits], digits
    if not piece.is_code:
        plain = CHECKSUM.sub("#", piece.text)
        yield from (("a number as large as only planted ones are", match) for match in LARGE.findall(plain))
        if with_checksums:
            yield from _checksums_in(piece.text, planted.checksums)


def _checksums_in(text: str, checksums: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for run in HEX_RUN.findall(text):
        if run[:SHORT].lower() in checksums:
            yield checksums[run[:SHORT].lower()], run[:SHORT]
    for run in BASE64_RUN.findall(text):
        if run[: 2 * SHORT] in checksums:
            yield checksums[run[: 2 * SHORT]], run[: 2 * SHORT]
