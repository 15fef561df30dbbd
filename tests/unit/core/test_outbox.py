"""When a job is tried, and when no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wicketgate.core.outbox import WAITS_MS, Job, exhausted, new_job, next_attempt_ms

NOW = 1_900_000_000_000
DAY_MS = 86_400_000
JOB = Job("job-id", "mail", {}, NOW, attempts=1)


def test_a_new_job_is_due_at_once() -> None:
    """It has been begun by nobody, and no two have one id."""
    first, second = (new_job("mail", {"user": "ada-id"}, NOW) for _ in range(2))

    assert (first.kind, first.data, first.due_ms, first.attempts) == ("mail", {"user": "ada-id"}, NOW, 0)
    assert first.id != second.id


@pytest.mark.parametrize("attempts", range(1, len(WAITS_MS) + 1))
def test_each_failure_waits_longer(attempts: int) -> None:
    """The first for half a minute, none for longer than half a day."""
    due = next_attempt_ms(replace(JOB, attempts=attempts), NOW)

    assert due == NOW + WAITS_MS[attempts - 1]
    assert due - NOW <= DAY_MS / 2


def test_a_job_is_tried_for_two_days() -> None:
    """A mail server that is down over a weekend's day and night loses nothing."""
    assert 1.5 * DAY_MS < sum(WAITS_MS) < 2.5 * DAY_MS
    assert list(WAITS_MS) == sorted(WAITS_MS)


def test_a_job_is_given_up_at_last() -> None:
    """After the last wait there is none."""
    assert next_attempt_ms(replace(JOB, attempts=len(WAITS_MS) + 1), NOW) is None


def test_a_failure_that_nobody_counted() -> None:
    """A job that says that it was never begun waits like one begun once."""
    assert next_attempt_ms(replace(JOB, attempts=0), NOW) == NOW + WAITS_MS[0]


def test_a_job_that_kills_whoever_begins_it() -> None:
    """It is begun as often as any other job is tried, and no more."""
    most = len(WAITS_MS) + 1

    assert [exhausted(replace(JOB, attempts=attempts)) for attempts in (0, 1, most, most + 1)] == [
        False,
        False,
        False,
        True,
    ]
