"""Everything that a file says, in whatever it is wrapped: as texts, each with the way that leads to it.

Archives, compressed and encoded parts are opened and what lies in them is read in the same way. Nothing is judged here.
"""

import base64
import binascii
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import unquote

import pypdf
from pypdf.generic import DictionaryObject, StreamObject

DEEPEST = 8  # containers in containers, before something is wrong with the file
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}(?:\s+[A-Za-z0-9+/_-]{24,})*[A-Za-z0-9+/_-]*={0,2}")
# Words of a text that look like it: what base64 wraps is not of letters of one case alone, nor of hexadecimal digits.
NO_BASE64 = re.compile(r"[a-z/_-]+|[A-Z/_-]+|[0-9a-f]+|[0-9]+")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
HEX_LITERAL = re.compile(rb"<([0-9A-Fa-f\s]{8,})>")
LITERAL = rb"\((?:\\.|[^\\()])*\)"
for _ in range(3):  # parentheses in pairs need no escape
    LITERAL = rb"\((?:\\.|[^\\()]|" + LITERAL + rb")*\)"
ANY_LITERAL = re.compile(LITERAL, re.DOTALL)
SHOWN = re.compile(rb"/(\S+)\s+[\d.]+\s+Tf|(" + LITERAL + rb")|<([0-9A-Fa-f\s]*)>|\b(T[dDm*]|ET)\b", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A text and where it stands: the file's name, then each container in turn.

    is_code: whether it is no text for people but bytes, in which only what is exact can be looked for.
    """

    where: str
    text: str
    is_code: bool = False


def pieces_of_tree(folder: Path, within: Path, read: Path | None = None) -> Iterator[Piece]:
    """Yield what every file below a folder says, and what it is called; of equal files what the first one says.

    read: a folder of which every file was read already.
    """
    seen = {path.read_bytes() for path in read.rglob("*") if path.is_file()} if read else set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(within).as_posix()
        yield Piece(f"{name} (its name)", name)
        if path.is_file() and (content := path.read_bytes()) not in seen:
            seen.add(content)
            yield from pieces_of(name, content)


def pieces_of(where: str, content: bytes, depth: int = 0) -> Iterator[Piece]:
    """Yield what some bytes say: as they stand, and unwrapped."""
    if depth > DEEPEST:
        raise ValueError(f"{where}: {depth} containers in each other, expected at most {DEEPEST}. Look at the file.")
    if content.startswith(b"PK\x03\x04"):
        yield from _of_zip(where, content, depth)
    elif content.startswith(b"\x1f\x8b"):
        yield from pieces_of(f"{where} > gzip", gzip.decompress(content), depth + 1)
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(where, content, depth)
    elif content.startswith(b"\x89PNG"):
        yield from _of_png(where, content, depth)
    elif (text := _as_text(content)) is not None:
        yield from _of_text(where, text, depth)
    else:
        yield Piece(where, content.decode("latin-1"), is_code=True)


def _as_text(content: bytes) -> str | None:
    """Return bytes as the text that they are; None for what is none."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _of_text(where: str, text: str, depth: int) -> Iterator[Piece]:
    yield Piece(where, text)
    if (unescaped := html.unescape(text)) != text:
        yield Piece(f"{where} > entities", unescaped)
    if "%" in text and (unquoted := unquote(text)) != text:
        yield Piece(f"{where} > percent", unquoted)
    if text.lstrip()[:1] in ("{", "["):
        yield from _of_json(where, text, depth)
    yield from _of_base64(where, text, depth)


def _of_json(where: str, text: str, depth: int) -> Iterator[Piece]:
    """Yield the strings of a JSON text, unescaped, as one text: a notebook's lines of output are strings of a list."""
    try:
        strings = list(_strings(json.loads(text)))
    except ValueError:
        return
    joined = "".join(string if string.endswith("\n") else f"{string}\n" for string in strings)
    if joined.strip():
        yield from _of_text(f"{where} > json", joined, depth + 1)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, int | float):
        yield str(value)


def _of_base64(where: str, text: str, depth: int) -> Iterator[Piece]:
    for number, match in enumerate(BASE64.finditer(text)):
        if NO_BASE64.fullmatch(match.group()):
            continue
        packed = re.sub(r"\s", "", match.group()).rstrip("=")
        packed = packed[: len(packed) - (len(packed) % 4 == 1)]
        try:
            content = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_" if "_" in packed else None)
        except (binascii.Error, ValueError):
            continue
        # What was no base64 gives bytes that are no text and begin as no container does.
        if (
            _as_text(content) is not None
            or content[:4] in (b"PK\x03\x04", b"%PDF", b"\x89PNG")
            or content[:2] == b"\x1f\x8b"
        ):
            yield from pieces_of(f"{where} > base64 {number}", content, depth + 1)


def _of_zip(where: str, content: bytes, depth: int) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield Piece(f"{where} > comment", archive.comment.decode("latin-1"))
        for member in archive.infolist():
            part = f"{where} > {member.filename}"
            yield Piece(f"{part} (its name)", member.filename)
            yield from pieces_of(part, archive.read(member), depth + 1)
        # A workbook's cells hold the numbers of its shared strings: by themselves, the strings are a list of texts.


def _of_png(where: str, content: bytes, depth: int) -> Iterator[Piece]:
    """Yield the texts of an image. What its pixels show is not read."""
    place = 8
    while place + 8 <= len(content):
        length, kind = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        chunk, place = content[place + 8 : place + 8 + length], place + 12 + length
        if kind in (b"tEXt", b"iTXt", b"eXIf"):
            yield Piece(f"{where} > {kind.decode()}", chunk.decode("utf-8", errors="replace"))
        elif kind == b"zTXt":
            name, _, packed = chunk.partition(b"\0")
            yield Piece(f"{where} > zTXt", f"{name.decode('latin-1')} {zlib.decompress(packed[1:]).decode('latin-1')}")


# ------------------------------------------------------------------------------------------------ PDF
def _of_pdf(where: str, content: bytes, depth: int) -> Iterator[Piece]:
    """Yield a PDF's bytes, each of its streams decompressed, its strings, the text of its pages and attached files."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages, start=1):
        yield Piece(f"{where} > page {number}", "".join(_text_shown(page, page.get_contents())))
    yield Piece(
        f"{where} > properties", "\n".join(f"{name} {value}" for name, value in (reader.metadata or {}).items())
    )
    for name, files in reader.attachments.items():
        yield Piece(f"{where} > {name} (its name)", name)
        for attached in files:
            yield from pieces_of(f"{where} > {name}", attached, depth + 1)
    yield Piece(f"{where} > bytes", content.decode("latin-1"), is_code=True)
    yield from _of_pdf_bytes(f"{where} > objects", STREAM.sub(b"", content))
    for number, match in enumerate(STREAM.finditer(content)):
        if (inflated := _inflated(match.group(1))) is not None:
            yield from _of_pdf_bytes(f"{where} > stream {number}", inflated)


def _inflated(packed: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(packed)
    except zlib.error:
        return None


def _of_pdf_bytes(where: str, content: bytes) -> Iterator[Piece]:
    """Yield bytes of a PDF, and the strings in them that do not stand there as they are: titles, alternative texts."""
    text = _as_text(content)
    yield Piece(where, content.decode("latin-1") if text is None else text, is_code=True)
    is_drawn = b" Tf" in content  # its strings are codes of a font, which `_text_shown` reads
    strings = [] if is_drawn else [_unescaped(literal[1:-1]) for literal in ANY_LITERAL.findall(content)]
    for digits in HEX_LITERAL.findall(content):
        digits = re.sub(rb"\s", b"", digits)
        strings.append(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    # Of two bytes a character where it says so, else of one.
    texts = [
        string.decode("utf-16-be" if string.startswith(b"\xfe\xff") else "latin-1", errors="replace")
        for string in strings
    ]
    if texts:
        yield Piece(f"{where} > strings", "\n".join(texts))


def _unescaped(literal: bytes) -> bytes:
    """Return a string of a PDF without its escapes."""

    def plain(match: re.Match[bytes]) -> bytes:
        escaped = match.group(1)
        if escaped[0] in b"01234567":
            return bytes([int(escaped, 8) % 256])
        return ESCAPES.get(escaped, b"" if escaped in (b"\n", b"\r", b"\r\n") else escaped)

    return ESCAPE.sub(plain, literal)


def _text_shown(owner: DictionaryObject, stream: StreamObject | None) -> Iterator[str]:
    """Yield the text of a page or of a form on it, in the order in which it is drawn; a line's end where it moves on.

    Runs of one line stand together whatever lies between them, so that a number is found in however many it stands.
    """
    resources = owner.get("/Resources", DictionaryObject())
    resources = resources.get_object() if resources is not None else DictionaryObject()
    fonts = {name[1:]: _characters(font.get_object()) for name, font in _items(resources, "/Font")}
    known: dict[int, str] = {}
    for match in SHOWN.finditer(stream.get_data() if stream is not None else b""):
        font, literal, digits, moves = match.groups()
        if font:
            known = fonts.get(font.decode("latin-1"), {})
        elif moves:
            yield "\n" if moves in (b"ET", b"T*", b"Td", b"TD") else ""
        else:
            codes = (
                _unescaped(literal[1:-1])
                if literal
                else bytes.fromhex(re.sub(rb"\s", b"", digits).decode().ljust(2, "0"))
            )
            yield _decoded(codes, known)
    for _, form in _items(resources, "/XObject"):
        if (form := form.get_object()).get("/Subtype") == "/Form":
            yield from _text_shown(form, form)


def _items(resources: DictionaryObject, kind: str) -> Iterator[tuple[str, object]]:
    yield from resources[kind].get_object().items() if kind in resources else ()


def _decoded(codes: bytes, known: dict[int, str]) -> str:
    """Return what the codes of a font show: two bytes a character where it has a table of them, else one."""
    if not known:
        return codes.decode("latin-1")
    return "".join(known.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in range(0, len(codes), 2))


_TABLES: dict[bytes, dict[int, str]] = {}  # of each font by its table's bytes: to read one takes longer than a page


def _characters(font: DictionaryObject) -> dict[int, str]:
    """Return what the codes of a font stand for; nothing for a font of one byte a character."""
    if "/ToUnicode" not in font or font.get("/Subtype") != "/Type0":
        return {}
    table = font["/ToUnicode"].get_object().get_data()
    if table not in _TABLES:
        _TABLES[table] = dict(_mapped(table.decode("latin-1")))
    return _TABLES[table]


def _mapped(table: str) -> Iterator[tuple[int, str]]:
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            yield int(code, 16), _wide(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, high, first, several in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[(.*?)\])", block, re.DOTALL
        ):
            codes = range(int(low, 16), int(high, 16) + 1)
            if several:
                yield from zip(codes, map(_wide, re.findall(r"<([0-9A-Fa-f]+)>", several)), strict=False)
            else:
                for code, character in zip(codes, count(int(first[-4:], 16)), strict=False):
                    yield code, _wide(first[:-4]) + chr(character)


def _wide(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", errors="replace")
