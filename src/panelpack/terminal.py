"""What messages say, as it must be typed where they are read.

A message names files from the office's folder, and commands as for the office that lies in the software's folder: so
pages say the same wherever an office's folder lies. At the terminal the folder is added, once, for every message.
"""

import os
import re
import shlex
from pathlib import Path

from panelpack.project import OFFICE, Project

# The verbs of make that are about an office.
VERBS = (
    *("quarter", "live", "why", "validate", "check", "request", "receive", "new-quarter", "official-table"),
    *("lab", "compare", "approve", "reissue", "verify"),
)
# What is only in an office's folder, in a sentence.
_FILE = re.compile(
    r"(?<![\w./-])((?:params|expectations|outputs)/|data/(?:raw|processed|published|recorded_later|editions)\b)([^\s,;:'\"]*)"
)
_COMMAND = re.compile(rf"\bmake ({'|'.join(VERBS)})\b(?!-)")


def for_terminal(text: str, project: Project) -> str:
    """Return a message with its files from where the reader stands, and its commands for this office."""
    if project.office == project.root:
        return text
    office = shlex.quote(_from(project.office, project.root))
    text = _COMMAND.sub(lambda match: f"{match[0]} {OFFICE}={office}", text)
    place = "" if Path.cwd().is_relative_to(project.office) else f"{_from(project.office, Path.cwd())}/"

    def file(match: re.Match[str]) -> str:
        is_own = project.path(match[0].rstrip(".")).is_relative_to(project.office)
        return f"{place if is_own else ''}{match[0]}"

    return _FILE.sub(file, text)


def _from(office: Path, folder: Path) -> str:
    """Return an office's folder from another folder that it lies in, else in full."""
    return os.path.relpath(office, folder) if office.is_relative_to(folder) else str(office)
