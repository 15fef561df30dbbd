"""`python -m bench.cold_start`: what the Lambda function costs at its first event, and at each one after.

The package is unpacked and run with Lambda's own Python; the runtime's client is left out, since every function has
it. Processor time, because that is what a function is given and pays for; waiting for DynamoDB comes on top.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench import inside, servers, stores
from tests.lambda_.events import Visitor, by_url
from tools import package
from wicketgate import Settings, Wicketgate
from wicketgate.aws_lambda.function import Function
from wicketgate.stores.memory import MemoryStore

_FIRST = """
import json, resource, sys, time
began = time.process_time()
import wicketgate.aws_lambda
handler = wicketgate.aws_lambda.handler
ready = time.process_time()
read, login = map(json.loads, sys.argv[1:])
statuses = [handler(read)["statusCode"]]
answered = time.process_time()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
statuses.append(handler(login)["statusCode"])
spent = {
    "interpreter": began, "imports, settings, store and its check": ready - began,
    "first read of a session": answered - ready, "all of this": answered,
    "first login after it, at cost 4": time.process_time() - answered,
}
print(json.dumps({"statuses": statuses, "memory": memory, "ms": {k: v * 1000 for k, v in spent.items()}}))
"""
_SETTINGS = {"ENVIRONMENT": "production", "BCRYPT_COST": "4", "RATE_LIMIT_MAX_REQUESTS": "1000"}
_BLOCKS = 25
_BLOCK = 200

Found = dict[str, Any]
Events = tuple[str, str]


def main() -> int:
    """Measures and prints tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.cold_start", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--package", type=Path, help="a package made before, for this machine's processor")
    chosen = parser.parse_args()
    program = package.python()
    if program is None:
        print(f"There is no Python {package.PYTHON} on this machine.", file=sys.stderr)
        return 1
    local = stores.DynamoDBLocal()
    try:
        with tempfile.TemporaryDirectory() as folder:
            tree = unpacked(chosen.package, Path(folder))
            settings = {**local.new_table(), **_SETTINGS}
            events = first_events(settings)
            print(cold_table(program, tree, settings, events, chosen.rounds))
            print(imports_table(program, tree, settings, events))
    finally:
        local.stop()
    print(warm_table())
    return 0


def unpacked(made: Path | None, folder: Path) -> Path:
    """The package, as Lambda unpacks it."""
    name = "arm64" if os.uname().machine in ("arm64", "aarch64") else "x86_64"
    if made is None:
        subprocess.run(
            [sys.executable, "tools/package.py", "--to", folder, "--for", name], cwd=servers.ROOT, check=True
        )
        made = folder / f"wicketgate-lambda-{name}.zip"
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder / "task")
    return folder / "task"


def first_events(settings: Mapping[str, str]) -> Events:
    """A read of a session that lives, and a login, of a user who has signed up."""
    os.environ.update(settings)  # where credentials are looked for
    function, sent = Function(Wicketgate(write_log=lambda _: None)), []

    def invoke(event: Any) -> Any:
        sent.append(json.dumps(event))
        return function(event)

    visitor = Visitor(invoke)
    account = {"email": "ada@example.com", "password": "correct horse battery"}
    visitor.send("POST", "/api/auth/signup", account)
    visitor.send("POST", "/api/auth/login", account)
    visitor.send("GET", "/api/profile")
    function.close()
    return sent[2], sent[1]


def cold_table(program: str, tree: Path, settings: Mapping[str, str], events: Events, rounds: int) -> str:
    """Processor time to the first answer, with bytecode and without."""
    ways: dict[str, tuple[str, ...]] = {
        "as packaged": (),
        "without its bytecode": ("-X", f"pycache_prefix={tree}/none"),
    }
    found: dict[str, list[Found]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, flags in ways.items():
            found[name].append(_first_answers([program, "-S", *flags], tree, settings, events))
    lines = ["", "| processor time, ms | " + " | ".join(ways) + " |", "| --- |" + " ---: |" * len(ways)]
    for part in found["as packaged"][0]["ms"]:
        values = [median(each["ms"][part] for each in found[name]) for name in ways]
        lines.append(f"| {part} | " + " | ".join(f"{value:.0f}" for value in values) + " |")
    values = [median(each["memory"] for each in found[name]) for name in ways]
    return "\n".join([*lines, "| memory, MB | " + " | ".join(f"{value:.0f}" for value in values) + " |"])


def imports_table(program: str, tree: Path, settings: Mapping[str, str], events: Events) -> str:
    """What is imported for the first answers, by package; the times themselves are of a run that is watched."""
    done = _run([program, "-S", "-X", "importtime"], tree, settings, events)
    spent: dict[str, int] = defaultdict(int)
    for line in done.stderr.splitlines():
        own, _, name = line.removeprefix("import time:").partition("|")
        if line.startswith("import time:") and own.strip().isdigit():
            root = name.partition("|")[2].strip().partition(".")[0]
            spent["the standard library" if root in sys.stdlib_module_names else root] += int(own)
    whole = sum(spent.values())
    largest = sorted(spent.items(), key=lambda item: -item[1])[:10]
    lines = [f"| {name} | {own / 1000:.0f} | {own / whole:.0%} |" for name, own in largest]
    return "\n".join(["", "| imports of | ms | share |", "| --- | ---: | ---: |", *lines])


def warm_table() -> str:
    """What an event costs more than the same request handed to the application directly."""
    settings = Settings(jwt_secret="x" * 32, bcrypt_cost=4)
    app = Wicketgate(settings, store=MemoryStore(), write_log=lambda _: None)
    function = Function(app)
    event = by_url("/api/profile", headers={"authorization": "Bearer x.y.z", "accept": "application/json"})
    asked = inside.scope("GET", "/api/profile", event["headers"])
    direct, called = [], []
    function(event)
    loop = asyncio.new_event_loop()
    for _ in range(_BLOCKS):
        direct.append(loop.run_until_complete(_directly(app, asked)))
        called.append(_block(lambda: function(event)))
    function.close()
    loop.close()
    lines = [
        f"| the application, called directly | {median(direct):.0f} |",
        f"| the function, called with an event | {median(called):.0f} |",
        f"| the difference | {median(called) - median(direct):.0f} |",
    ]
    return "\n".join(["", "| a request in a warm process (a 401) | µs |", "| --- | ---: |", *lines])


async def _directly(app: Wicketgate, asked: Any) -> float:
    before = time.thread_time()
    for _ in range(_BLOCK):
        await inside.ask(app, asked)
    return (time.thread_time() - before) / _BLOCK * 1e6


def _block(work: Any) -> float:
    before = time.thread_time()
    for _ in range(_BLOCK):
        work()
    return (time.thread_time() - before) / _BLOCK * 1e6


def _first_answers(command: Sequence[str], tree: Path, settings: Mapping[str, str], events: Events) -> Found:
    done = _run(command, tree, settings, events)
    assert done.returncode == 0, done.stderr
    found: Found = json.loads(done.stdout.splitlines()[-1])
    assert found["statuses"] == [200, 200], done.stdout
    return found


def _run(
    command: Sequence[str], tree: Path, settings: Mapping[str, str], events: Events
) -> subprocess.CompletedProcess[str]:
    """One environment: it starts, answers for a session, which reads the table, and logs somebody in."""
    env = {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", **settings}
    return subprocess.run([*command, "-c", _FIRST, *events], env=env, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
