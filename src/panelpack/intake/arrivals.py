"""What a raw folder holds beside what sources.yml says of it, in sentences that name the file and what to type."""

import difflib
from collections.abc import Collection
from fnmatch import fnmatchcase
from pathlib import Path

from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE
from panelpack.config.supplied_table import is_pattern
from panelpack.errors import shown
from panelpack.pack_files import is_hidden
from panelpack.project import CORRECTIONS, SALT

SHORT = 12  # characters of a checksum that tell two apart for a reader
PLAIN, KEYED = "sha256", "keyed_sha256"  # what sources.yml calls the checksum of an open file, and of a guarded one
ALIKE = 0.6  # from how alike two names are, one may be meant for the other
LONGEST_HEAD = 10_000


def fits(name: str, named: str) -> bool:
    """Whether a file's name is the one that is named, or fits the pattern."""
    return name == named or (is_pattern(named) and fnmatchcase(name, named) and not is_hidden(name))


def missing(path: Path, checksum: str, supplier: str, quarter: str, kind: str = PLAIN) -> str:
    """Say that a file is not there: it never came, or it is gone. kind: of its checksum, PLAIN or KEYED."""
    if checksum == NOT_RECEIVED:
        return (
            f"{shown(path)}: not received yet. Put the file of {supplier} there under this name, and type "
            f"make receive Q={quarter}"
        )
    return f"{shown(path)}: the file is missing. It was received ({kind} {checksum[:SHORT]}): put it back."


def differs(path: Path, found: str, checksum: str, quarter: str) -> str:
    """Say that a file is not the one that was received, or that nobody has received it yet."""
    if checksum == NOT_RECEIVED:
        return f"{shown(path)}: the file is there and was not received yet. Type make receive Q={quarter}"
    return (
        f"{shown(path)}: sha256 is {found}, sources.yml has {checksum}. If the supplier sent a new file, record it "
        f"with: make receive Q={quarter}"
    )


def keyed_differs(path: Path, found: str, recorded: str, quarter: str) -> str:
    """Say that a guarded file is not the one that was received, or that nobody has received it yet."""
    if recorded == NOT_RECEIVED:
        return differs(path, found, recorded, quarter)
    return (
        f"{shown(path)}: {KEYED} is {found}, sources.yml has {recorded}: this is not the file that was received, or "
        f"not its salt. If the supplier sent a new file, record it with: make receive Q={quarter}"
    )


def unsalted(path: Path) -> str:
    """Say that a guarded file cannot be checked, since its salt is not there."""
    return (
        f"{shown(path)}: it cannot be checked, since its salt is not there, expected {path.name}{SALT} beside it. Put "
        "the salt back; docs/how-to/guarded-files.md says what to do if it is lost."
    )


def gives_away(listed: str, name: str, why: str, keys: Collection[str], quarter: str) -> str:
    """Say that a guarded file is recorded by what lets it be guessed. why: it is guarded; keys: by which."""
    return (
        f"{listed}: {name} is {why}, so its {' and '.join(keys)} would let it be guessed, expected {KEYED} alone. "
        f"Type make receive Q={quarter}, which writes it instead."
    )


def links(folder: Path) -> list[str]:
    """Return a sentence for each symbolic link of a raw folder: git keeps where it leads, and not what it leads to."""
    return [
        f"{shown(path)}: this is a link, expected the file itself, for what it leads to may be another file tomorrow, "
        "or none in a copy. Put the file there."
        for path in sorted(folder.iterdir())
        if path.is_symlink()
    ]


def unnamed(folder: Path, named: Collection[str], quarter: str) -> list[str]:
    """Return a sentence for each file of a raw folder that sources.yml does not name, with the file it may replace.

    named: the names of the files that sources.yml names, or patterns of them.
    """
    sentences = []
    for path in sorted(folder.iterdir()):
        is_named = path.name in (SOURCES_FILE, CORRECTIONS) or any(fits(path.name, name) for name in named)
        if is_named or is_hidden(path.name) or path.is_symlink():
            continue
        if path.is_dir():
            sentences.append(f"{shown(path)}: this is a folder, expected files alone. Move its files up or remove it.")
            continue
        sentences.append(f"{shown(path)}: sources.yml has no entry for this file. {_may_replace(path, named, quarter)}")
    return sentences


def _may_replace(path: Path, named: Collection[str], quarter: str) -> str:
    head = _head(path)
    alike_heads = [name for name in named if head and _head(path.with_name(name)) == head]
    alike = difflib.get_close_matches(path.name, alike_heads or list(named), n=1, cutoff=0.0 if alike_heads else ALIKE)
    if not alike:
        return "Remove it, or add an entry for it."
    why = "It has the columns of" if alike_heads else "Its name is like that of"
    if is_pattern(alike[0]):
        return f"{why} {alike[0]}: if it is one of those, give it a name that fits; else remove it."
    return (
        f"{why} {alike[0]}: if it replaces that file, put it in its place under the name {alike[0]} and type "
        f"make receive Q={quarter}; else remove it, or add an entry for it."
    )


def _head(path: Path) -> str:
    """Return the first line of a text file; '' where there is none, or it is no text."""
    try:
        with path.open("rb") as file:
            line = file.readline(LONGEST_HEAD)
        text = line.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    return "" if "\x00" in text else text.strip().lower()
