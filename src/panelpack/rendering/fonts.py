"""The typefaces of every paper, which characters they lack, and the letters that a web page carries with it."""

import base64
import io
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# Each from a package of its own, so every machine prints with the same letters and needs no fonts of its own.
# Text is set in the first; a character that it has not is taken from the second, and so is code. Weights: 400 to 700.
FAMILY, SECOND, CODE = "Source Sans 3", "DejaVu Sans", "DejaVu Sans Mono"
_FILES = {
    "fontpkg_source_sans_3": ("files", ("SourceSans3[wght].ttf", "SourceSans3-Italic[wght].ttf")),
    "matplotlib": ("mpl-data/fonts/ttf", ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")),
}
# Characters that need no letter: the compiler takes them for white space, or leaves them out.
WITHOUT_LETTER = frozenset("\t\n\r\x85\u2028\u2029")
# The fonts have a letter for it, but a tagged PDF may not hold it; it is a byte order mark where files were joined.
FORBIDDEN = "\ufeff"
# What a web page carries: Latin with its accents (Welsh, Polish, Romanian), dashes, quotation marks, superscripts,
# currency, arrows, signs of arithmetic, shapes. Anything else is shown in a letter of the reader's machine.
_CARRIED = [
    *range(0x20, 0x180), *range(0x218, 0x21C), *range(0x1E80, 0x1E86), 0x1EF2, 0x1EF3,
    *range(0x2010, 0x2028), *range(0x2030, 0x203B), *range(0x2070, 0x2090), 0x20AC, 0x2116, 0x2122,
    *range(0x2190, 0x2194), *range(0x2212, 0x2213), 0x2248, 0x2260, 0x2264, 0x2265, *range(0x25A0, 0x25D0), 0x2713,
]  # fmt: skip


def font_folders() -> list[Path]:
    """Return where the fonts lie."""
    return [_folder(package) for package in _FILES]


def lacking(text: str) -> list[str]:
    """Return the characters of a text that cannot be printed, each once, in order."""
    return [character for character in dict.fromkeys(text) if not _is_printable(character)]


def named(character: str) -> str:
    """Return a character as a message names it: itself where it shows, its number and its Unicode name."""
    name = unicodedata.name(character, "")
    itself = f"{character!r} " if character.isprintable() else ""
    return f"{itself}({f'U+{ord(character):04X} {name}'.strip()})"


@cache
def web_font() -> str:
    """Return FAMILY in all its weights, with the letters that a page needs, as a `data:` address: the same each time.

    Its figures are all of one width, as in print, so that columns of them line up. Its pairs of letters are not set
    closer, which would take four times as long (0.3 s) in every run.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    package = "fontpkg_source_sans_3"
    font = TTFont(_folder(package) / _FILES[package][1][0], recalcTimestamp=False, lazy=True)
    options = Options(layout_features=[], hinting=False, notdef_outline=True)
    options.drop_tables += ["GPOS", "GSUB", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_CARRIED)
    subsetter.subset(font)
    font.flavor = "woff"
    carried = io.BytesIO()
    font.save(carried)
    return f"data:font/woff;base64,{base64.b64encode(carried.getvalue()).decode()}"


def _folder(package: str) -> Path:
    found = find_spec(package)
    assert found and found.origin  # a dependency of this package
    return Path(found.origin).parent / _FILES[package][0]


def _is_printable(character: str) -> bool:
    if character == FORBIDDEN:
        return False
    # Marks of format (such as the zero-width joiner) print as nothing.
    is_seen = character not in WITHOUT_LETTER and unicodedata.category(character) != "Cf"
    return not is_seen or ord(character) in _letters()


@cache
def _letters() -> frozenset[int]:
    """The characters for which, in one of the families, every face has a letter."""
    from fontTools.ttLib import TTFont  # here: it is needed only where texts changed

    families = [
        [frozenset(TTFont(_folder(package) / folder_file, lazy=True).getBestCmap()) for folder_file in files]
        for package, (_, files) in _FILES.items()
    ]
    return frozenset().union(*(frozenset.intersection(*faces) for faces in families))
