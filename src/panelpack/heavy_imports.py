"""What a process sets before it imports anything heavy: settings, unused modules hidden or put off, no collection."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

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


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # which others ask of every module that there is
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def put_off(*names: str) -> None:
    """Have modules load when they are used, not when they are imported, unless they are loaded already."""
    for name in names:
        if name not in sys.modules:
            module = sys.modules[name] = _Later(name)
            package, _, last = name.rpartition(".")
            if package:
                setattr(import_module(package), last, module)


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Have modules count as not installed meanwhile, for others load what they find but do not need."""
    taken = hide(*names)
    try:
        yield
    finally:
        for name in taken:
            sys.modules.pop(name, None)
