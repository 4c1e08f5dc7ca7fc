"""Expected failures. Each is one sentence for the person at the terminal, never a traceback.

The sentence reads: where: what was found, what was expected. What to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLAN = "params/plan.yml"  # as messages call the plan that counts, before it is known which that is


class PanelPackError(Exception):
    """A failure that the user can mend. The command line prints the message and exits with `exit_code`."""

    exit_code = 1
    names_plan = False  # whether the message names the very file of the plan, of several in succession


class UsageError(PanelPackError):
    """The command was typed wrongly: an unknown quarter, a missing argument."""

    exit_code = 2


class ConfigurationError(PanelPackError):
    """A file under params/ or expectations/ says something that it may not say."""


class SourceError(PanelPackError):
    """A raw file is missing, unreadable, or not the one that sources.yml describes."""


class ValidationFailed(PanelPackError):
    """Raw data broke an expectation. `violations` holds a full message each."""

    def __init__(self, summary: str, violations: tuple[str, ...] = ()):
        super().__init__("\n".join([summary, *violations]))
        self.violations = violations


class CommentaryError(PanelPackError):
    """The commentary refers to something that does not exist or may not be shown."""


class NotebookFailed(PanelPackError):
    """A notebook stopped; the message says where its executed copy is kept."""


class RenderError(PanelPackError):
    """A page could not be made from an executed notebook."""


class CouldNotVerify(PanelPackError):
    """A verification could not be carried out, so nothing is known of the pack."""

    exit_code = 2


def naming_plan(text: str, plan: Path) -> str:
    """Return a message that names the plan which it means."""
    return text.replace(PLAN, shown(plan))


@contextmanager
def about_plan(plan: Path) -> Iterator[None]:
    """Let errors that are raised inside name this plan, unless they name one already."""
    try:
        yield
    except PanelPackError as error:
        if not error.names_plan:
            error.args = (naming_plan(str(error), plan),)
            error.names_plan = True
        raise


def has_plan(folder: Path) -> bool:
    """Whether a folder is an office's: its params/ holds a plan, under whatever name."""
    return (folder / "params" / "plan.yml").is_file() or any((folder / "params").glob("plan*.y*ml"))


def is_software(folder: Path) -> bool:
    """Whether a folder is that of the software: code and notebooks."""
    return (folder / "src" / "panelpack").is_dir() and (folder / "notebooks").is_dir()


def lost_its_plan(folder: Path) -> bool:
    """Whether a folder is an office's but for its plan."""
    return (folder / "params").is_dir() and (folder / "data" / "raw").is_dir()


def shown(path: Path) -> str:
    """Return a path as messages name it: from the folder of its office, or of the software, that it lies in.

    So a page says the same wherever an office's folder lies. The command line adds where that is (terminal.py).
    """
    folders = path.absolute().parents
    for is_around in (lambda folder: has_plan(folder) or is_software(folder), lost_its_plan):
        for folder in folders:
            if is_around(folder):
                return path.absolute().relative_to(folder).as_posix()
    return str(path)
