"""What a process sets before it imports anything heavy: settings, unused modules hidden, no garbage collection."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Read at import. Threads inside the children would only compete with each other; no usage statistics leave the office;
# the debugger of a kernel in a process of its own would warn on stderr about a Python with frozen modules.
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "GX_ANALYTICS_ENABLED": "false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Loaded by others where they are installed: jsonschema would build grammars for over a second and load calendars, to
# check formats that no notebook has; the kernel would load a debugger.
UNUSED = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "debugpy")


@contextmanager
def loading() -> Iterator[None]:
    """Import modules in less time: without garbage collection meanwhile, and without searching them for garbage later.

    UNUSED packages count as not installed from then on, in this process and its forks.
    """
    os.environ |= SETTINGS
    hide(*UNUSED)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def hide(*names: str) -> list[str]:
    """Have modules count as not installed, unless they are loaded; return those that then do."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is Python's mark of a module that is not there
    return hidden


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Have modules count as not installed meanwhile, for others load what they find but do not need."""
    taken = hide(*names)
    try:
        yield
    finally:
        for name in taken:
            sys.modules.pop(name, None)
