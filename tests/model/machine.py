"""Somebody who does anything at all with the service, and holds what it says against the model after every step."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.model.model import Model
from tests.model.orders import explained
from tests.model.people import ADDRESSES, PASSWORDS, PURPOSES, People
from tests.model.state import DAY, HOUR, WINDOW_MS, User, Variant, Wrong
from tests.model.wire import PLACES, ROUTES, Answer, Call, Proof, send
from tests.support.faulty import FaultyStore
from tests.support.service import Service
from wicketgate.core.ports import Store

T = TypeVar("T")
VARIANTS = (Variant("off", True), Variant("optional", False), Variant("required", True))
WAITS = (1, 999, 1000, WINDOW_MS - 1, *(WINDOW_MS,) * 4, 1000 * HOUR, 1000 * (DAY - HOUR), 7000 * DAY)
DICE = st.integers(0, 2**64 - 1)

WEIGHTS = {
    **{"join_anew": 2, "log_in": 3, "sign_up": 2, "forgot": 2, "resend": 1, "use_a_link": 6, "update": 6, "again": 2},
    **{"change_password": 2, "log_out": 1, "log_out_everywhere": 1, "end_session": 1, "delete": 1, "guess": 1},
    **{"activity": 1, "sessions": 1, "tokens": 1, "profile": 0.3, "show_token": 0.5, "rotate": 1, "create_token": 3},
    **{"revoke_token": 1.5, "check_token": 3, "wait": 1, "meet_an_end": 1.5, "do_at_once": 8},
    **{"wear_out": 1, "move": 2, "overtake": 2},
}
"""How often each thing is done, before each sequence has its own liking."""

NOT_AT_ONCE = ("activity", "sessions", "tokens")
"""Calls that see what is written after an answer: the trail of logins, and last uses."""

PROBES = ("profile", "check_token")
"""What is asked after each step."""

OVERTAKING = ("reset", "undo_change", "log_out_everywhere", "change_password", "delete", "confirm_change")
OVERTAKEN = ("create_token", "rotate", "update", "change_password", "delete", "log_in", "forgot", "sign_up")
"""Calls that end much, and calls that might leave something behind although they were ended."""


class Machine(RuleBasedStateMachine):
    """The rules. A subclass says which store it is; `probes` sessions and tokens are tried after each step."""

    open_store: ClassVar[Callable[[], Awaitable[Store]]]
    runner: ClassVar[asyncio.Runner]
    probes: ClassVar[int] = 3

    @initialize(variant=st.sampled_from(VARIANTS), dice=DICE, joined=st.integers(0, 2))
    def begin(self, variant: Variant, dice: int, joined: int) -> None:
        """A new service on an empty store, with some who have joined."""
        self.store = self.run(type(self).open_store())
        self.hesitating = HesitatingStore(self.store)
        self.service = Service(self.hesitating, **variant.settings())
        self.models = [Model(variant, self.service.clock.now)]
        self.people = People()
        self.headers: dict[tuple[str, int], frozenset[str]] = {}
        self.read = 0
        self.story: list[str] = []
        self.explained = True
        self.last: Call | None = None
        self.people.dice.seed(dice)
        self.weights = {name: weight * self.people.one(0.3, 1, 1, 3) for name, weight in WEIGHTS.items()}
        for address in ADDRESSES[:joined]:
            self._join(address)

    def run(self, work: Awaitable[T]) -> T:
        """Runs something to its end."""

        async def waited() -> T:
            return await work

        return self.runner.run(waited())

    @property
    def model(self) -> Model:
        """One of the models that fit."""
        return self.models[0]

    def _join(self, address: str) -> None:
        """Somebody signs up, confirms the address where that is asked, and logs in."""
        place, who = self.people.place(), {"email": address, "password": PASSWORDS[0]}
        self.do(Call("sign_up", place, who))
        user = self.model.by_email(address)
        if self.model.variant.confirms and user is not None and "verify" in user.links:
            self.do(Call("verify_email", place, {"token": user.links["verify"].token or "x"}))
        self.do(Call("log_in", place, who))

    def do(self, *calls: Call) -> None:
        """Makes calls at once, and holds answers and letters against every model that is left."""
        answers: Sequence[Answer] = self.run(self._made(calls))
        letters = self.service.post.letters[self.read :]
        self.read = len(self.service.post.letters)
        self.people.links += [each.values["link"].partition("#")[2] for each in letters if "link" in each.values]
        done = list(zip(calls, answers, strict=True))
        for call, answer in done:
            self._look_at(call, answer)
        try:
            self.models = explained(self.models, done, letters)
        except Wrong:
            self.explained = False
            self.tell("wrong", done)
            print("\n".join(self.story[-30:]))  # Hypothesis may find that it does not happen each time
            raise
        if len(calls) > 1 or calls[0].kind not in PROBES:
            self.tell("done", done)
            self.last = calls[-1]

    def tell(self, how: str, done: Sequence[tuple[Call, Answer]]) -> None:
        """What was done and answered, for whoever reads about a failure."""
        self.story += [f"{how} at {self.model.now}: {call}\n  {answer}" for call, answer in done]

    async def _made(self, calls: Sequence[Call]) -> Sequence[Answer]:
        self.hesitating.most = 0 if len(calls) == 1 else 4
        answers = await asyncio.gather(*(send(self.service, call) for call in calls))
        await self.service.settle()
        return answers

    def _look_at(self, call: Call, answer: Answer) -> None:
        """Keeps tokens to try them again later. No header tells which of two reasons an answer has."""
        given = (answer.body.get(name) for name in ("api_token", "token"))
        self.people.tokens += [token for token in given if isinstance(token, str)]
        if ROUTES[call.kind][2] == "anyone":
            known = self.headers.setdefault((call.kind, answer.status), answer.headers)
            assert known == answer.headers, f"{call.kind} with {answer.status}: headers tell a difference"

    def served(self) -> list[str]:
        """The calls that there are with these settings."""
        variant, missing = self.model.variant, set()
        if not variant.confirms:
            missing |= {"verify_email", "resend", "confirm_change"}
        if not variant.session_list:
            missing |= {"sessions", "end_session"}
        return [kind for kind in ROUTES if kind not in missing]

    @rule(dice=DICE)
    def act(self, dice: int) -> None:
        """Somebody does something. What, follows from the dice and from what the model knows."""
        self.people.dice.seed(f"{dice} {len(self.people.tokens)} {self.model.now}")
        served = self.served()
        fitting = [name for name in self.weights if name not in ROUTES or name in served]
        if not any(map(self.model.live, self.model.sessions.values())):
            if self.people.seldom(0.5):
                self._join_anew()
                return
            fitting = [name for name in fitting if name not in ROUTES or ROUTES[name][2] != "session"]
        (chosen,) = self.people.dice.choices(fitting, [self.weights[name] for name in fitting])
        if chosen in ROUTES:
            self.do(self.people.call(self.model, chosen))
        else:
            getattr(self, f"_{chosen}")()

    def _join_anew(self) -> None:
        self._join(self.people.one(*ADDRESSES))

    def _again(self) -> None:
        """The very same call once more, as somebody does who was not sure, or who has overheard it."""
        if self.last is not None:
            self.do(self.last)

    def _guess(self) -> None:
        """Somebody tries wrong passwords until there is no more guessing."""
        address = self.people.one(*ADDRESSES)
        for place in PLACES:
            self.do(Call("log_in", place, {"email": address, "password": "a wrong password"}))

    def _use_a_link(self) -> None:
        """Somebody uses a link from a letter, mostly one that is good."""
        kinds = self._with_links(*self.model.users.values())
        fitting = [kind for kind in kinds or PURPOSES if kind in self.served()]
        self.do(self.people.call(self.model, self.people.one(*fitting)))

    def _wait(self) -> None:
        self._move_clock(self.model.now + self.people.one(*WAITS))

    def _meet_an_end(self) -> None:
        """Something is used in the moment in which it ends, or just before."""
        before = self.people.one(0, 0, 1, 1000)
        links = [
            (kind, link)
            for kind, purpose in PURPOSES.items()
            for user in self.model.users.values()
            if (link := self.model.open_link(user, purpose)) is not None and link.token is not None
        ]
        if links and self.people.seldom(0.7):
            kind, link = self.people.one(*links)
            self._move_clock(max(link.until * 1000 - before, self.model.now))
            password = {"password": PASSWORDS[1]} if kind == "reset" else {}
            self.do(Call(kind, self.people.place(), {"token": link.token, **password}))
        elif ends := self.model.ends():
            self._move_clock(self.people.one(*ends[:4]) - before)

    def _wear_out(self) -> None:
        """Somebody uses a token with a limit until there is no more use."""
        limited = [token for token, named in self.model.named.items() if named.limit]
        for _ in range(3 if limited else 0):
            self.do(Call("check_token", self.people.place(), proof=Proof(f"Bearer {limited[-1]}")))

    def _move(self) -> None:
        """Somebody changes the address, and confirms it where that is asked."""
        session = self._live_session()
        if session is not None:
            token, _ = session
            free = [address for address in ADDRESSES if not self.model.taken(address)]
            body = {"email": self.people.one(*(free or ADDRESSES))}
            self.do(Call("update", self.people.place(), body, Proof(f"Bearer {token}")))
            link = self._letter_to(token, "change")
            if link is not None:
                self.do(Call("confirm_change", self.people.place(), {"token": link}))

    def _overtake(self) -> None:
        """An owner takes the account back while somebody with a stolen session has a call under way."""
        session = self._live_session()
        if session is not None:
            token, user = session
            self.do(Call("forgot", self.people.place(), {"email": self.model.users[user].email}))
            body = {"token": self._letter_to(token, "reset") or "x", "password": PASSWORDS[1]}
            theirs = self.people.call(self.model, self.people.one("create_token", "rotate", "update"))
            theirs = replace(theirs, proof=Proof(f"Bearer {token}"), site="no browser")
            self._at_once(Call("reset", self.people.place(), body), theirs)

    def _live_session(self) -> tuple[str, int] | None:
        """Some live session's token, and whose it is."""
        live = [(token, session.user) for token, session in self.model.sessions.items() if self.model.live(session)]
        return self.people.one(*live) if live else None

    def _letter_to(self, session: str, purpose: str) -> str | None:
        """The token in the last letter to whoever has this session.

        Asked of today's model: what was just answered may have ruled out the one that was first, and others may
        count the users otherwise.
        """
        known = self.model.sessions.get(session)
        owner = known and self.model.users.get(known.user)
        link = owner and owner.links.get(purpose)
        return link.token if link else None

    def _at_once(self, *calls: Call) -> None:
        self.hesitating.dice.seed(self.people.dice.random())
        self.do(*calls)

    def _do_at_once(self) -> None:
        """Several people do something at the same moment, mostly with one account."""
        people, users, served = self.people, list(self.model.users.values()), self.served()
        kinds = [kind for kind in served if kind not in NOT_AT_ONCE]
        size = people.one(2, 2, 3)
        chosen = [people.one(*kinds) for _ in range(size)]
        if users:
            people.focus = people.one(*users)
            overtaking = [*self._with_links(people.focus), *OVERTAKING]
            pair = [people.one(*overtaking), people.one(*OVERTAKEN)]
            chosen[:2] = [kind if kind in served else "log_in" for kind in pair]
        calls = [people.call(self.model, kind) for kind in chosen]
        people.focus = None
        self._at_once(*calls)

    def _with_links(self, *users: User) -> list[str]:
        """The calls for which somebody has a link."""
        return [kind for kind, purpose in PURPOSES.items() if any(purpose in user.links for user in users)]

    def _move_clock(self, now: int) -> None:
        self.service.clock.now = now
        for model in self.models:
            model.now = now

    @invariant()
    def sessions_and_tokens_say_what_they_must(self) -> None:
        """The dead never answer, the living always, and everybody with the right user."""
        for token in self._some_of(list(self.model.sessions)):
            self.do(Call("profile", PLACES[0], proof=Proof(f"Bearer {token}")))
        limited = {token for model in self.models for token, named in model.named.items() if named.limit}
        shown = [token for token in dict.fromkeys(self.people.tokens[::-1]) if token.startswith("wg_")]
        for token in self._some_of([token for token in shown if token not in limited]):
            self.do(Call("check_token", PLACES[0], proof=Proof(f"Bearer {token}")))

    def _some_of(self, tokens: list[str]) -> list[str]:
        return self.people.dice.sample(tokens, min(self.probes, len(tokens)))

    def teardown(self) -> None:
        """Who is in the store is who the model says, and no address leads to two."""
        if not hasattr(self, "models"):
            return
        try:
            found, _ = self.run(self.store.page(None, 100))
            kept = sorted((record.email, record.name, record.bio or "") for record in found)
            known = [
                sorted((user.email, user.name, user.bio or "") for user in model.users.values())
                for model in self.models
            ]
            assert kept in known or not self.explained, f"the store holds {kept}, the models {known}"
        finally:
            self.run(self.service.app.stop())


class HesitatingStore(FaultyStore):
    """A store before which everybody waits for some turns, so that calls made at once meet in every order."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner)
        self.most = 0
        self.dice = random.Random(0)

    async def _before(self, method: str) -> None:
        if self.most and self.dice.random() < 0.2:
            await asyncio.sleep(0.004)  # for as long as it takes to hash a password
        for _ in range(self.dice.randint(0, self.most)):
            await asyncio.sleep(0)
