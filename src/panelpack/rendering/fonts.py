"""The fonts that every paper is printed in, and which characters they lack."""

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# Titles, heads of tables and badges are bold, everything else is regular; prelude.typ names the family.
FACES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
# Characters that need no letter: the compiler takes them for white space, or leaves them out.
WITHOUT_LETTER = frozenset("\t\n\r\x85\u2028\u2029")
# The fonts have a letter for it, but a tagged PDF may not hold it; it is a byte order mark where files were joined.
FORBIDDEN = "\ufeff"


def font_folder() -> Path:
    """Return where the fonts lie.

    They are shipped with matplotlib, so every machine prints with the same letters and needs no fonts of its own.
    """
    matplotlib = find_spec("matplotlib")
    assert matplotlib and matplotlib.origin  # a dependency of this package
    return Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf"


def lacking(text: str) -> list[str]:
    """Return the characters of a text that cannot be printed, each once, in order."""
    return [character for character in dict.fromkeys(text) if not _is_printable(character)]


def named(character: str) -> str:
    """Return a character as a message names it: itself where it shows, its number and its Unicode name."""
    name = unicodedata.name(character, "")
    itself = f"{character!r} " if character.isprintable() else ""
    return f"{itself}({f'U+{ord(character):04X} {name}'.strip()})"


def _is_printable(character: str) -> bool:
    if character == FORBIDDEN:
        return False
    # Marks of format (such as the zero-width joiner) print as nothing.
    is_seen = character not in WITHOUT_LETTER and unicodedata.category(character) != "Cf"
    return not is_seen or ord(character) in _letters()


@cache
def _letters() -> frozenset[int]:
    """The characters for which each of the faces has a letter."""
    from fontTools.ttLib import TTFont  # here: it is needed only where texts changed

    letters = [frozenset(TTFont(font_folder() / face, lazy=True).getBestCmap()) for face in FACES]
    return frozenset.intersection(*letters)
