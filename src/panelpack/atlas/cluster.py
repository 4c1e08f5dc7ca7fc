"""Dask: chunks of an atlas as tasks, on a cluster of this machine or on one that is there already.

A worker does nothing but start a process a chunk and listen to it. It never forks, for it has threads.
"""

import json
import logging
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panelpack.atlas.chunks import Chunk
from panelpack.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

LOOPBACK = "127.0.0.1"
TOPIC = "panelpack-atlas"  # of the events by which workers say that a pack is done
EVERYTHING = "all"  # Dask's topic of what happens to workers
TRIES_AGAIN = 2  # for a chunk whose process ended without a word
CONNECT_SECONDS = 10
# What the process of a chunk must not hear of: whose office, which edition, which engine the user's own runs have.
OF_THE_USER = ("OFFICE", "EDITION", "ENGINE", "Q", "DATA", "TO", "BASELINE", "PANELPACK_FOLDER")
SILENT = logging.CRITICAL + 1
LAST_LINES = 3  # of what a process wrote before it ended
INSTALL = "Type make atlas, which installs it, or install requirements-atlas.lock."


@contextmanager
def client_of(scheduler: str, jobs: int) -> "Iterator[Client]":
    """Give a client of the scheduler of an address; without one, of a cluster of `jobs` processes on this machine.

    That one listens on the loopback alone, and ends with this. Raises UsageError where there is no scheduler, and
    where the packages are not installed.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError(f"the atlas needs the package distributed, which is not installed here. {INSTALL}") from None
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.scheduler"):
        logging.getLogger(name).setLevel(SILENT)  # what matters of a lost worker we say ourselves
    if scheduler:
        try:
            with Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False) as client:
                yield client
        except OSError:
            raise UsageError(
                f"SCHEDULER={scheduler!r}: nothing answers there, expected a Dask scheduler. Start it, or leave the "
                "address out."
            ) from None
        return
    with tempfile.TemporaryDirectory(prefix="panelpack-dask-", ignore_cleanup_errors=True) as folder:
        settings = {"temporary-directory": folder, "distributed.admin.system-monitor.gil.enabled": False}
        with (
            dask.config.set(settings),
            LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                host=LOOPBACK,
                dashboard_address=None,
                worker_dashboard_address=None,
                memory_limit=0,
                local_directory=folder,
                silence_logs=SILENT,
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client


def workers_of(client: "Client") -> int:
    """Return how many chunks the cluster makes at once. Raises UsageError where it has no worker."""
    threads = sum(map(int, client.nthreads().values()))
    if not threads:
        raise UsageError(
            "SCHEDULER: it has no worker, expected at least one. Start workers, then type make atlas again."
        )
    return threads


def make_chunks(
    client: "Client",
    chunks: Sequence[Chunk],
    code: str,
    heard: Callable[[dict[str, Any]], None],
    lost: Callable[[], None],
) -> Iterator[tuple[Chunk, list[dict[str, Any]], str]]:
    """Make chunks, the first ones first; yield each that ended, its outcomes, and why it ended before its time.

    heard: hears the outcome of each pack as soon as it is done, perhaps twice. lost: hears that a worker died.
    """
    from distributed import as_completed

    client.subscribe_topic(TOPIC, lambda event: heard(event[1]))
    client.subscribe_topic(EVERYTHING, lambda event: lost() if _is_loss(event[1]) else None)
    futures = {}
    for place, chunk in enumerate(chunks):
        future = client.submit(
            run_chunk, pickle.dumps(chunk), str(chunk.software), code, pure=False, retries=TRIES_AGAIN, priority=-place
        )
        futures[future] = chunk
    try:
        for future in as_completed(futures, loop=client.loop):
            error = future.exception()
            yield futures[future], [] if error else future.result(), str(error) if error else ""
    finally:
        for topic in (TOPIC, EVERYTHING):
            client.unsubscribe_topic(topic)


def run_chunk(chunk: bytes, software: str, code: str) -> list[dict[str, Any]]:
    """Make a chunk in a process of its own and return the outcomes of its packs. Runs in a worker.

    Raises RuntimeError where the process ends without having come to its end; Dask then tries again.
    """
    environment = {name: value for name, value in os.environ.items() if name not in OF_THE_USER}
    environment |= {"PYTHONPATH": str(Path(software, "src")), "JOBS": "1"}  # a process a core
    command = [sys.executable, "-m", "panelpack.atlas.making", software, code]
    outcomes = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command,
            cwd=software,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # so that it can be ended with all that it started
        )
        assert process.stdin is not None and process.stdout is not None  # both are pipes
        try:
            with suppress(BrokenPipeError), process.stdin:
                process.stdin.write(chunk)
            for line in process.stdout:
                outcomes.append(json.loads(line))
                _tell(outcomes[-1])
            process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        errors.seek(0)
        said = errors.read().strip().splitlines()[-LAST_LINES:]
    if process.returncode:
        words = " ".join(said) or "it said nothing"
        raise RuntimeError(f"the process of these packs ended with code {process.returncode}: {words}")
    return outcomes


def _tell(outcome: dict[str, Any]) -> None:
    """Tell the client of a pack that is done; outside a worker nobody listens."""
    from distributed import get_worker

    with suppress(ValueError):
        get_worker().log_event(TOPIC, outcome)


def _is_loss(event: object) -> bool:
    """Whether an event of the scheduler is the death of a worker that had work."""
    if not isinstance(event, dict) or event.get("action") != "remove-worker":
        return False
    return bool(event.get("processing-tasks")) and not event.get("expected")
