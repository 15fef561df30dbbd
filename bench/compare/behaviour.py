"""What each peer does where it matters: with its own limits off but for the burst."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from bench import machine
from bench.compare.peers import Peer
from bench.compare.speech import PASSWORD
from bench.compare.talk import ask, at_once, well

SIGN_UPS = 20
BURST = 60
_LOOKS = 15


def told(peer: Peer, folder: Path) -> dict[str, str]:
    """A cell for each question. The peer is started twice: once without limits and once with its own."""
    (folder / "off").mkdir()
    (folder / "on").mkdir()
    with peer.start(machine.server_cores(), folder / "off", False) as server:
        found = {
            f"accounts after {SIGN_UPS} sign-ups of one address at once": _accounts(
                peer, server.port, folder / "off"
            ),
            "a session after its logout": _after_logout(peer, server.port),
            "failed login of a known ÷ an unknown address, time": _timing(peer, server.port),
            "another password with the same first 72 bytes": _same_start(peer, server.port),
        }
    with peer.start(machine.server_cores(), folder / "on", True) as server:
        found[f"looked at of {BURST} wrong passwords at once"] = _burst(peer, server.port)
    return found


def _accounts(peer: Peer, port: int, folder: Path) -> str:
    asked = [peer.speech.sign_up("one@example.com", f"{PASSWORD} {number}") for number in range(SIGN_UPS)]
    said = at_once(port, asked)
    faults = sum(answer.status >= 500 for answer in said)
    text = str(peer.count(folder, "one@example.com"))
    return f"{text}; {faults} × 5xx" if faults else text


def _after_logout(peer: Peer, port: int) -> str:
    well(port, peer.speech.sign_up("out@example.com", PASSWORD))
    shown = peer.speech.shown(well(port, peer.speech.log_in("out@example.com", PASSWORD)))
    csrf = [pair.partition("=")[2] for pair in shown.get("Cookie", "").split("; ") if pair.startswith("csrf_token=")]
    well(port, peer.speech.log_out, {**shown, **({"X-CSRF-Token": csrf[0]} if csrf else {})})
    return "alive" if peer.speech.alive(ask(port, peer.speech.read, shown)) else "dead"


def _timing(peer: Peer, port: int) -> str:
    well(port, peer.speech.sign_up("known@example.com", PASSWORD))
    taken: dict[str, list[float]] = {"known@example.com": [], "unknown@example.com": []}
    for _ in range(_LOOKS):
        for email, times in taken.items():
            began = time.perf_counter()
            ask(port, peer.speech.log_in(email, "a wrong password"))
            times.append(time.perf_counter() - began)
    known, unknown = (median(times) * 1000 for times in taken.values())
    return f"{known / unknown:.2f} × ({known:.0f} ms, {unknown:.0f} ms)"


def _same_start(peer: Peer, port: int) -> str:
    start = "correct horse battery staple " * 3
    first, other = (start[:72] + rest for rest in ("one end", "another end"))
    made = ask(port, peer.speech.sign_up("long@example.com", first))
    if made.status != peer.speech.sign_up("", "").expected:
        return f"no account: sign-up answers {made.status}"
    opened = ask(port, peer.speech.log_in("long@example.com", other))
    return "opens the account" if opened.status == peer.speech.log_in("", "").expected else "refused"


def _burst(peer: Peer, port: int) -> str:
    well(port, peer.speech.sign_up("burst@example.com", PASSWORD))
    said = at_once(port, [peer.speech.log_in("burst@example.com", f"wrong {number}") for number in range(BURST)])
    refused = sum(answer.status in (429, 403) for answer in said)
    return f"{BURST - refused}"
