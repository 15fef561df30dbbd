"""The commands and their options. Each is carried out by a module of its own, imported when it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from wicketgate.core.errors import InvalidInput, WicketgateError

_EPILOG = "Settings come from the environment and from .env; `wicketgate check` shows them."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns its exit code: 0 done, 1 refused or failed, 2 not understood (argparse exits)."""
    given = sys.argv[1:] if arguments is None else arguments
    chosen = _parser(given[0] if given else None).parse_args(given)
    module, _, function = chosen.run.partition(":")
    try:
        code: int = getattr(import_module(f"wicketgate.cli.{module}"), function)(chosen)
    except InvalidInput as error:
        return _failed("; ".join(problem.message for problem in error.problems))
    except WicketgateError as error:
        return _failed(str(error) or type(error).__name__)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # Whoever read our output has enough; Python would complain about it at exit.
        return 0
    return code


def _failed(message: str) -> int:
    print(f"wicketgate: {message}", file=sys.stderr)
    return 1


def _parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """A parser of the wanted command, or of all when that is none of them: making all is a fiftieth of a start."""
    parser = argparse.ArgumentParser(
        prog="wicketgate", description="User authentication that a small product can own.", epilog=_EPILOG
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, add in _COMMANDS.items():
        if name == wanted or wanted not in _COMMANDS:
            add(commands)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version  # not for every start to pay

        print(f"wicketgate {version('wicketgate')}")
        parser.exit()


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def _add(commands: Commands, name: str, run: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=_EPILOG
    )
    parser.set_defaults(run=run)
    return parser


def _add_serve(commands: Commands) -> None:
    serve = _add(commands, "serve", "serve:serve", "start the service")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=8000, help="port to listen on, 0 for any (default: %(default)s)")
    serve.add_argument("--workers", type=int, default=1, help="number of processes (default: %(default)s)")
    serve.add_argument(
        "--connections", type=int, default=4096, help="most connections of a process at once (default: %(default)s)"
    )


def _add_check(commands: Commands) -> None:
    check = _add(commands, "check", "check:check", "say what is set, what is missing, and whether the store answers")
    check.add_argument("--json", action="store_true", help="as JSON, for a script")


def _add_secret(commands: Commands) -> None:
    secret = _add(commands, "secret", "keys:secret", "print a new secret for JWT_SECRET or API_TOKEN_SECRET")
    secret.add_argument(
        "--derived-api-token",
        action="store_true",
        help="print what stands for an unset API_TOKEN_SECRET, to set it before JWT_SECRET changes",
    )


def _add_openapi(commands: Commands) -> None:
    _add(commands, "openapi", "keys:openapi", "print the OpenAPI 3.1 document")


def _add_stats(commands: Commands) -> None:
    stats = _add(commands, "stats", "stats:stats", "count users, plans and the sign-ups of the last 30 days")
    stats.description = (
        "Count users, plans and the sign-ups of the last 30 days. Every user is read once, as a stream. On DynamoDB "
        "that is a scan of EmailIndex: half a read unit for each 4 KB, 8 cents for ten million users of half a "
        "kilobyte, taken from the throughput of the index while it runs."
    )
    stats.add_argument("--json", action="store_true", help="as JSON, for a script")


def _add_table(commands: Commands) -> None:
    table = _group(commands, "table", "make or check the table (or file) that users are kept in")
    _add(table, "create", "table:create", "make the table; one that fits already is left as it is")
    _add(table, "check", "table:check", "compare the table with what this version needs")
    adopt = _add(table, "adopt", "moving_in:adopt", "write the address items that a table filled by other code lacks")
    adopt.add_argument(
        "--rewrite-addresses", action="store_true", help="put addresses of users into their one form, in lower case"
    )
    _add_run(adopt)


def _add_users(commands: Commands) -> None:
    users = _group(commands, "users", "look at users and change them")
    listing = _add(users, "list", "users:list_users", "list users")
    listing.add_argument("--limit", type=int, default=0, metavar="N", help="stop after N users (default: all)")
    listing.add_argument("--json", action="store_true", help="one JSON object a line, for a script")
    show = _add(users, "show", "users:show", "show one user")
    show.add_argument("--json", action="store_true", help="as a JSON object, for a script")
    create = _add(
        users, "create", "users:create", "create a user; the password is asked for, or read from standard input"
    )
    create.add_argument("email", help="the new user's address")
    create.add_argument("--name", help="display name (default: the part of the address before @)")
    create.add_argument("--json", action="store_true", help="print the user as a JSON object, for a script")
    plan = _add(users, "set-plan", "users:set_plan", "change a user's plan")
    password = _add(
        users,
        "set-password",
        "users:set_password",
        "replace a user's password, asked for or read from standard input; all sessions end",
    )
    logout = _add(users, "logout", "users:log_out", "end all sessions of a user")
    delete = _add(users, "delete", "users:delete", "delete a user for good, which frees the address")
    for parser in (show, plan, password, logout, delete):
        parser.add_argument("user", help="email address or id")
    plan.add_argument("plan", help="name of the plan, such as free")
    delete.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    _add_moving(users)


def _add_tokens(commands: Commands) -> None:
    tokens = _group(commands, "tokens", "look at API tokens with a name and revoke them")
    listing = _add(tokens, "list", "tokens:list_tokens", "list a user's named tokens, newest first")
    listing.add_argument("--json", action="store_true", help="one JSON object a line, for a script")
    revoke = _add(tokens, "revoke", "tokens:revoke", "revoke a token for good")
    for parser in (listing, revoke):
        parser.add_argument("user", help="email address or id")
    revoke.add_argument("token", help="the token's id, from the list; after -- if it begins with a hyphen")


def _add_audit(commands: Commands) -> None:
    audit = _group(commands, "audit", "look at what happened to accounts")
    listing = _add(audit, "list", "audit:list_entries", "list what happened, newest first for one user")
    listing.add_argument("--user", metavar="EMAIL_OR_ID", help="only what happened to this user")
    listing.add_argument("--since", type=_days, metavar="DAYS", help="only of the last so many days")
    listing.add_argument("--json", action="store_true", help="one JSON object a line, for a script")


def _add_outbox(commands: Commands) -> None:
    outbox = _group(commands, "outbox", "look at mail and webhooks that wait, and send them")
    listing = _add(outbox, "list", "outbox:list_jobs", "list what waits, what is due first in front; never to whom")
    listing.add_argument("--json", action="store_true", help="one JSON object a line, for a script")
    sending = _add(outbox, "send", "outbox:send", "send now what is due")
    sending.add_argument("--json", action="store_true", help="how many as a JSON object, for a script")


def _add_mail(commands: Commands) -> None:
    mail = _group(commands, "mail", "try the way that mail goes")
    trying = _add(mail, "test", "outbox:test_mail", "send a test mail now, and say what the mail server said")
    trying.add_argument("address", help="to whom")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)


def _add_moving(users: Commands) -> None:
    moving_in = _add(users, "import", "moving_in:import_users", "bring users along from a file or another table")
    moving_in.add_argument("file", nargs="?", help="JSON Lines or CSV, - for standard input")
    moving_in.add_argument("--from-guide", metavar="TABLE", help="a DynamoDB table keyed by email")
    moving_in.add_argument("--from-authjs", metavar="TABLE", help="the DynamoDB table of Auth.js")
    moving_in.add_argument("--region", help="where that table is (default: AWS_REGION)")
    moving_in.add_argument("--endpoint", metavar="URL", help="where that table is, if not at AWS")
    moving_in.add_argument("--format", choices=["jsonl", "csv"], help="kind of file (default: what it looks like)")
    moving_in.add_argument(
        "--ignore", action="append", default=[], metavar="COLUMN", help="pass over a column; may be said again"
    )
    moving_in.add_argument("--keep-ids", action="store_true", help="keep ids that are no UUIDs")
    _add_run(moving_in)
    moving_out = _add(users, "export", "moving_out:export_users", "write every user as a line of JSON")
    moving_out.add_argument("file", nargs="?", default="-", help="where to (default: standard output)")
    moving_out.add_argument("--with-hashes", action="store_true", help="with what people log in by, as hashes")


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="write nothing, and report what would be")
    parser.add_argument("--json", action="store_true", help="the report as JSON, for a script")


def _group(commands: Commands, name: str, text: str) -> Commands:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=_EPILOG)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


_COMMANDS: Final[Mapping[str, Callable[[Commands], None]]] = {
    "serve": _add_serve,
    "check": _add_check,
    "table": _add_table,
    "users": _add_users,
    "tokens": _add_tokens,
    "audit": _add_audit,
    "outbox": _add_outbox,
    "mail": _add_mail,
    "secret": _add_secret,
    "openapi": _add_openapi,
    "stats": _add_stats,
}
