"""A service for a whole run: its processes, its store, its mail, and the people who use it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from bench import machine
from tests.faults.deeds import ALWAYS, CONFIRMED, UNCONFIRMED
from tests.faults.people import Town
from tests.faults.town import Place
from tests.soak import gauges
from tests.soak.citizen import Citizen, Settled, Waiting
from tests.soak.journal import Journal, Wire
from tests.soak.mailbox import Mailbox, Told
from tests.support.ports import free_port
from wicketgate.core.clock import system_clock

WORKERS: Final = 2
_PROBE: Final = Path(__file__).parent / "probe"
_KEPT: Final = 150
"""People of a city who are asked again at the end whether all they were told still holds."""

_READS: Final = 300
"""How often somebody who only reads does so: whoever logs out a hundred times in a day ends every session."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many people do something at once, how many only read, and how long everybody rests in between."""

    doing: int
    reading: int
    rest: float


@dataclass
class City:
    """One service and everybody around it."""

    name: str
    folder: Path
    place: Place
    variables: Mapping[str, str]
    mail: Mailbox
    told: Told
    load: Load
    waiting: Waiting
    journal: Journal = field(default_factory=Journal)
    samples: list[gauges.Sample] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    deeds: int = 0
    metrics: int = 0
    port: int = field(default_factory=free_port)
    metrics_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.wire = Wire(self.journal)
        confirms = self.variables.get("EMAIL_VERIFICATION", "off") != "off"
        self.town = Town(f"http://127.0.0.1:{self.port}", self.mail, self.hurry, confirms)
        self._ending = False
        self._kept: deque[Citizen] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._deeds = (*ALWAYS, *(CONFIRMED if confirms else UNCONFIRMED))

    async def start(self) -> None:
        """Starts the service, and returns when all its workers are there."""
        environment = {
            **self.variables,
            **self.place.variables,
            "METRICS": "true",
            "METRICS_PORT": str(self.metrics_port),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_PROBE), os.environ.get("PYTHONPATH")])),
            "SOAK_FOLDER": str(self.folder),
        }
        command = [sys.executable, "-m", "wicketgate", "serve", "--port", str(self.port), "--workers", str(WORKERS)]
        with self.log.open("ab") as log, self.errors.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                command, cwd=self.folder, env=environment, stdout=log, stderr=errors, start_new_session=True
            )
        await self.until_whole()

    async def until_whole(self) -> None:
        """Returns when each worker answers."""
        async with asyncio.timeout(60):
            while len(self.workers) < WORKERS or not await self._answers():
                if self._process is not None and self._process.poll() is not None:
                    raise RuntimeError(f"the service ended:\n{self.errors.read_text()[-4000:]}")
                await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
                return (await http.get(f"{self.town.url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    @property
    def log(self) -> Path:
        """What the service writes on standard output."""
        return self.folder / "out.log"

    @property
    def errors(self) -> Path:
        """What it writes on standard error."""
        return self.folder / "err.log"

    @property
    def workers(self) -> Sequence[int]:
        """The processes that serve, oldest first."""
        assert self._process is not None
        return [pid for pid in sorted(machine.children(self._process.pid)) if gauges.serves(pid)]

    def kill(self) -> None:
        """Ends all of it as a power switch would."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def kill_youngest(self) -> None:
        """Ends one worker. The oldest is left alone, so that somebody lives long enough to grow."""
        os.kill(self.workers[-1], signal.SIGKILL)

    def stop(self) -> int:
        """Tells the service to end, and returns its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(60)

    async def live(self) -> None:
        """Everybody does something until `end`."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self.load.doing):
                group.create_task(self._do())
            for _ in range(self.load.reading):
                group.create_task(self._read())
            group.create_task(self._watch())

    def end(self) -> None:
        """Nobody begins anything more."""
        self._ending = True
        self.journal.ended = time.monotonic()

    async def _do(self) -> None:
        while not self._ending:
            person = Citizen(self.town, self.wire, self.waiting)
            try:
                await person.does(random.choice(self._deeds))
                self.deeds += 1
            except Exception as error:
                self.journal.complain(f"person {person.number}: {told(error)}")
                continue
            await self._keep(person)
            await asyncio.sleep(random.uniform(0, 2 * self.load.rest))

    async def _keep(self, person: Citizen) -> None:
        """Keeps a person for the end; whoever has been kept for longest is asked now."""
        self._kept.append(person)
        if len(self._kept) > _KEPT:
            await self._ask(self._kept.popleft())

    async def _ask(self, person: Citizen) -> None:
        try:
            self.settled.append(await person.settle())
        except Exception as error:
            self.journal.complain(f"person {person.number}, later: {told(error)}")
        finally:
            await person.leave()
            for address in person.addresses:
                self.mail.forget(address)

    async def ask_everybody(self) -> None:
        """Holds the service to what it told those who are kept."""
        while self._kept:
            await asyncio.gather(*(self._ask(self._kept.popleft()) for _ in range(min(8, len(self._kept)))))

    async def _read(self) -> None:
        """Reads sessions, good and ended ones."""
        while not self._ending:
            person = Citizen(self.town, self.wire, self.waiting)
            try:
                await person.move_in()
                for _ in range(_READS):
                    await person.reads()
                    await asyncio.sleep(random.uniform(0, self.load.rest / 2))
                    if self._ending:
                        break
            except Exception as error:
                self.journal.complain(f"reader {person.number}: {told(error)}")

    async def _watch(self) -> None:
        """Reads a session ten times a second, and notes how long that takes."""
        person = Citizen(self.town, self.wire, self.waiting)
        await person.move_in()
        while not self._ending:
            since = time.monotonic()
            with suppress(httpx.TransportError):
                if (await person.http.profile(person.session)).status_code == 200:
                    self.journal.probes.append((since, time.monotonic() - since))
            await asyncio.sleep(0.1)

    async def measure(self, rest: float = 1) -> None:
        """Samples every worker when nobody has asked for so long, and reads the metrics as Prometheus would."""
        await self.wire.shut()
        async with httpx.AsyncClient(trust_env=False) as http:
            shown = await http.get(f"http://127.0.0.1:{self.metrics_port}/metrics")
            self.metrics = len(shown.content)
        await asyncio.sleep(rest)
        found = [gauges.sample(pid, self.folder) for pid in self.workers]
        self.samples += [one for one in found if one is not None]
        self.wire.reopen()

    async def hurry(self) -> None:
        """Has every job be due now, for whichever worker looks next."""
        store = self.place.open()
        try:
            for job in await store.jobs(10_000):
                await store.postpone_job(job, system_clock())
        finally:
            await store.close()


def told(error: BaseException) -> str:
    """What went wrong and where, in one line; of several things the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)
    where = " ".join(f"{Path(frame.filename).stem}:{frame.lineno}" for frame in frames if "/tests/" in frame.filename)
    return f"{type(error).__name__}: {error} at {where}"
