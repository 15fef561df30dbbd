"""The commands and their options. Each is carried out by a module of its own, imported when it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from wicketgate.core.errors import InvalidInput, WicketgateError

_EPILOG = "Settings come from the environment and from .env; `wicketgate check` shows them."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns its exit code: 0 done, 1 refused or failed, 2 not understood (argparse exits)."""
    chosen = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wicketgate", description="User authentication that a small product can own.", epilog=_EPILOG
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_serve(commands)
    _add(
        commands, "check", "check:check", "say what is set, what is missing, and whether the store answers"
    ).add_argument("--json", action="store_true", help="as JSON, for a script")
    _add_table(commands)
    _add_users(commands)
    secret = _add(commands, "secret", "keys:secret", "print a new secret for JWT_SECRET or API_TOKEN_SECRET")
    secret.add_argument(
        "--derived-api-token",
        action="store_true",
        help="print what stands for an unset API_TOKEN_SECRET, to set it before JWT_SECRET changes",
    )
    _add(commands, "openapi", "keys:openapi", "print the OpenAPI 3.1 document")
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


def _add_table(commands: Commands) -> None:
    table = _group(commands, "table", "make or check the table (or file) that users are kept in")
    _add(table, "create", "table:create", "make the table; one that fits already is left as it is")
    _add(table, "check", "table:check", "compare the table with what this version needs")


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
    logout = _add(users, "logout", "users:log_out", "end all sessions of a user")
    delete = _add(users, "delete", "users:delete", "delete a user for good, which frees the address")
    for parser in (show, plan, logout, delete):
        parser.add_argument("user", help="email address or id")
    plan.add_argument("plan", help="name of the plan, such as free")
    delete.add_argument("--yes", action="store_true", help="do not ask for confirmation")


def _group(commands: Commands, name: str, text: str) -> Commands:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=_EPILOG)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
