"""What Lambda calls with each event, for as long as it keeps the process."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from starlette.types import Message

from wicketgate.app import Wicketgate
from wicketgate.aws_lambda.events import Answer, Event, Result, asks_for_jobs, body_of, scope_of
from wicketgate.core.errors import InvalidInput, StoreMisconfigured
from wicketgate.web.errors import reply_to

# Lambda gives half a second between SIGTERM and SIGKILL to a function with an extension.
_CLOSING_SECONDS = 0.3
_GIVING_BACK_SECONDS = 3.0
# The least that the Terraform module gives a function, less the above.
_UNTOLD_SECONDS = 2.0


class Function:
    """The service with an event loop of its own, which lives as long as the process and turns during events only.

    It starts once. While the store is not laid out as it must be, or may not be used, each event is answered 503 and
    starts it anew, so that a table that is mended serves again by itself.

    The process is frozen as soon as it has answered, and what it had begun would be cut off. So jobs are not begun
    with the request that leaves them, but by an event of a schedule, which is not answered before they are done.
    """

    def __init__(self, app: Wicketgate) -> None:
        self._app = app
        app.outbox.hold_back()
        self._loop = asyncio.new_event_loop()
        self._started = False

    def __call__(self, event: Event, context: object = None) -> Result:
        """The answer to a web request, or how many jobs were tried when a schedule asks for that.

        Raises UnknownEvent for any other event: nobody waits for a page then.
        """
        if asks_for_jobs(event):
            return self._loop.run_until_complete(self._do_jobs(_seconds_left(context)))
        return self._loop.run_until_complete(self._answer(event))

    def start(self) -> None:
        """Checks the store. What is wrong with it is logged, and asked again with the next event."""
        self._loop.run_until_complete(self._ready())

    def close(self) -> None:
        """Lets go of the store and of the loop. Closing twice is no error."""
        if not self._loop.is_closed():
            self._loop.run_until_complete(self._stop())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def end_on_sigterm(self) -> None:
        """Closes when Lambda ends the process. It says so to functions with an extension, and kills others."""
        signal.signal(signal.SIGTERM, self._end)

    def _end(self, number: int, frame: Any) -> None:
        if not self._loop.is_running():
            self.close()
        # As it would have ended without us, and at once: the runtime's own thread still waits for an event.
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    async def _answer(self, event: Event) -> Result:
        scope = scope_of(event)
        answer = Answer(scope["method"])
        await _thawed()
        try:
            body = _Body(body_of(event))
        except InvalidInput as error:
            await reply_to(error).send(answer.send)
            return answer.result()
        if await self._ready():
            self._app.outbox.go_on()
            await self._app(scope, body.receive, answer.send)
        else:
            await reply_to(StoreMisconfigured()).send(answer.send)
        return answer.result()

    async def _do_jobs(self, seconds: float) -> Result:
        """Raises what keeps jobs from being done at all, which Lambda counts as an error of the function."""
        await _thawed()
        if not await self._ready():
            raise StoreMisconfigured("the service has not started; the log says why")
        tried = 0
        try:
            async with asyncio.timeout(seconds):
                tried = await self._app.outbox.do_due()
                await self._app.outbox.settle()
        except TimeoutError:
            await self._app.outbox.stop(0)
        return {"tried": tried}

    async def _ready(self) -> bool:
        """Whether the service has started, if only now."""
        if not self._started:
            try:
                await self._app.start()
                self._started = True
            except Exception as error:  # whatever it is, it may be gone by the next event
                self._app.log.fault("start", error)
        return self._started

    async def _stop(self) -> None:
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._app.stop()
        except TimeoutError:
            return  # the process ends all the same


async def _thawed() -> None:
    """Two turns of the loop: in one it sees which connections DynamoDB closed meanwhile, then it lets go of them.

    Of a write to one of those nobody could say whether it was done.
    """
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _seconds_left(context: Any) -> float:
    """How long jobs may take, so that there is time left to give back those that are not done."""
    left = getattr(context, "get_remaining_time_in_millis", None)
    return _UNTOLD_SECONDS if left is None else max(left() / 1000 - _GIVING_BACK_SECONDS, 0)


class _Body:
    """The body of a request, which Lambda hands over whole."""

    __slots__ = ("_body",)

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body

    async def receive(self) -> Message:
        if self._body is None:
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
