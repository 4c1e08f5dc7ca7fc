"""The files that pages are made with: templates, the style, marks. Apart, for a notebook needs no nbconvert."""

from functools import lru_cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache
def asset(name: str) -> str:
    """The text of a file that goes into a page as it is, such as its style."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
