"""Every order in which calls that were made at once, and what followed from them, may have taken effect."""

from __future__ import annotations

from collections.abc import Sequence

from tests.model import letters as post
from tests.model.model import Model
from tests.model.state import Wrong
from tests.model.wire import Answer, Call
from wicketgate.core.ports import Letter

Done = tuple[Call, Answer]
Node = tuple[Model, tuple[Done, ...], tuple[Letter, ...]]


def explained(models: Sequence[Model], done: Sequence[Done], letters: Sequence[Letter]) -> list[Model]:
    """The models after some order of calls and jobs that gives these answers and these letters.

    More than one is left where nothing yet tells which order it was. Raises Wrong when there is none.
    """
    for model in models:
        model.begin()
    if len(models) == len(done) == 1 and not letters:
        # By far the most are like this: nothing to choose, and mostly nothing that follows.
        models[0].judge(*done[0])
        if not models[0].jobs:
            return list(models)
        done = ()
    reasons: list[str] = []
    seen = set()
    found: dict[object, Model] = {}
    nodes: list[Node] = [(model, tuple(done), tuple(letters)) for model in models]
    while nodes:
        node = nodes.pop()
        mark = (node[0].fingerprint(), node[1], tuple(map(id, node[2])))
        if mark in seen:
            continue
        seen.add(mark)
        model, calls, left = node
        if not calls and not model.jobs:
            if left:
                reasons.append(f"letters that nobody expects: {left}")
            else:
                found.setdefault(mark[0], model)
        for call in calls:
            nodes.extend(_after_call(node, call, reasons))
        for job in dict.fromkeys(model.jobs):
            nodes.extend(_after_job(node, job, reasons))
    if not found:
        raise Wrong("no order explains it:\n" + "\n".join(dict.fromkeys(reasons)))
    return list(found.values())


def _after_call(node: Node, done: Done, reasons: list[str]) -> list[Node]:
    model, calls, letters = node
    after: Model = model.copy()
    try:
        after.judge(*done)
    except Wrong as wrong:
        reasons.append(f"{done[0].kind}: {wrong}")
        return []
    left = tuple(other for other in calls if other is not done)
    possible = (after, after.spent_in_vain(*done), after.told_as_before(*done))
    return [(each, left, letters) for each in possible if each is not None]


def _after_job(node: Node, job: tuple[object, ...], reasons: list[str]) -> list[Node]:
    model, calls, letters = node
    after: Model = model.copy()
    due = post.perform(after, job)
    if due is None:
        return [(each, calls, letters) for each in (after, post.in_vain(after, job)) if each is not None]
    nodes: list[Node] = []
    for index, letter in enumerate(letters):
        if due.fits(letter):
            told: Model = after.copy()
            try:
                post.take_over(told, due, letter)
            except Wrong as wrong:
                reasons.append(str(wrong))
                continue
            nodes.append((told, calls, letters[:index] + letters[index + 1 :]))
    if not nodes:
        reasons.append(f"{job[0]}: {due} is missing among {letters}")
    return nodes
