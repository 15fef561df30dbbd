"""`wicketgate users import` on the command line: what it prints, what it leaves behind, what it answers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.moving.conftest import Run, everyone, json_lines
from wicketgate.cli.progress import Progress, close, followed
from wicketgate.moving.report import Problem, Report

PEOPLE = json_lines(
    {"email": "ada@example.com", "name": "Ada", "createdAt": "2024-05-01"},
    {"email": "nonsense"},
    {"email": "bob@example.com"},
    {"email": "ADA@example.com"},
)


def test_an_import_is_reported(cli: Run) -> None:
    """What came of it stands in the closing report, each problem with its line, and the exit code says so."""
    ran = cli("users", "import", "-", stdin=PEOPLE)

    assert ran.code == 1
    assert [line.split(maxsplit=1) for line in ran.out.splitlines()[1:]] == [
        ["2", "created"],
        ["0", "there already, and the same"],
        ["0", "there already with other values, left as they are"],
        ["1", "conflicts"],
        ["1", "bad rows"],
        ["2", "created without a password"],
    ]
    assert ran.err.splitlines() == ["line 2: Enter a valid email address", "line 4: it has the address of line 1"]
    assert sorted(everyone()) == ["ada@example.com", "bob@example.com"]


def test_a_dry_run_changes_nothing(cli: Run) -> None:
    """The dry run's report is that of the run, in which nobody is there before and all are after."""
    dry = cli("users", "import", "-", "--dry-run", "--json", stdin=PEOPLE)
    before = everyone()
    real = cli("users", "import", "-", "--json", stdin=PEOPLE)

    assert before == {}
    assert dry.report == {**real.report, "dryRun": True}
    assert (real.report["created"], len(everyone())) == (2, 2)


def test_a_second_import_finds_all_there(cli: Run) -> None:
    """Running it again creates nobody and changes nobody."""
    cli("users", "import", "-", stdin=PEOPLE)
    before = everyone()

    again = cli("users", "import", "-", "--json", stdin=PEOPLE)

    assert (again.report["created"], again.report["unchanged"], again.report["differing"]) == (0, 2, 0)
    assert everyone() == before


def test_a_clean_import_exits_with_zero(run: Run, tmp_path: Path) -> None:
    """A file without a problem is a success, and says nothing on standard error."""
    (tmp_path / "people.csv").write_text("email,name\nada@example.com,Ada\n")

    ran = run("users", "import", "people.csv")

    assert (ran.code, ran.err) == (0, "")
    assert everyone()["ada@example.com"].name == "Ada"


def test_columns_and_ids_as_asked(run: Run) -> None:
    """A column can be passed over and an id kept, and the format can be said."""
    row = {"email": "ada@example.com", "id": "user_1", "shoeSize": 42}

    ran = run(
        "users", "import", "-", "--format", "jsonl", "--ignore", "shoeSize", "--keep-ids", stdin=json_lines(row)
    )

    assert ran.code == 0
    assert everyone()["ada@example.com"].id == "user_1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say one source"),
        (["people.csv", "--from-guide", "Users"], "say one source"),
        (["--from-guide", "Users", "--from-authjs", "next-auth"], "say one source"),
        (["nothing.csv"], "cannot read nothing.csv: No such file or directory"),
        (["."], "cannot read .: Is a directory"),
        (["-"], "unknown columns: nmae"),
    ],
)
def test_what_cannot_be_imported_is_told_in_one_line(run: Run, arguments: list[str], said: str) -> None:
    """A source that is none, or not one, is an error in one line, and nobody is created."""
    ran = run("users", "import", *arguments, stdin=b"email,nmae\nada@example.com,Ada\n")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("wicketgate: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_the_table_must_be_there(run: Run, monkeypatch: pytest.MonkeyPatch, dynamodb_local: str) -> None:
    """Without a table to import into nothing is read."""
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "nothing-here")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_local)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")

    ran = run("users", "import", "-", stdin=PEOPLE)

    assert ran.code == 1
    assert "does not exist" in ran.err


def test_no_secret_is_ever_told(run: Run) -> None:
    """Neither a hash nor a token of a bad row stands in what is printed."""
    row = {"email": "ada@example.com", "passwordHash": "5f4dcc3b5aa765d61d8327deb882cf99", "apiToken": "hunter2"}

    ran = run("users", "import", "-", "--json", stdin=json_lines(row))

    assert ran.code == 1
    assert "5f4dcc3b" not in ran.out + ran.err
    assert "hunter2" not in ran.out + ran.err


class Screen(io.StringIO):
    """A terminal that keeps what was written to it."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_terminal_shows_how_far_it_is() -> None:
    """The line changes a few times a second, gives way to a problem, and is gone at the end."""
    moments = iter([0.0, 0.1, 0.5, 0.6, 1.0])
    screen = Screen()
    progress = Progress(screen, lambda: next(moments))
    report = followed(progress)

    for _ in range(3):
        report.count("created")
    report.refuse("line 7", "Email is required")
    progress.clear()

    assert screen.getvalue() == (
        "\r\x1b[K2 rows, 4 a second\r\x1b[Kline 7: Email is required\n\r\x1b[K4 rows, 4 a second\r\x1b[K"
    )


def test_elsewhere_only_problems_are_told() -> None:
    """In a file or a pipe there is no line that changes."""
    written = io.StringIO()
    progress = Progress(written)

    progress.show(Report(created=5))
    progress.tell(Problem("bad", "line 7", "Email is required"))
    progress.clear()

    assert written.getvalue() == "line 7: Email is required\n"


def test_a_report_for_a_person_names_what_stayed_behind(capsys: pytest.CaptureFixture[str]) -> None:
    """What was passed over and what was left behind stands in the report, with how many."""
    report = Report(created=1234)
    report.no_users["SESSION"] = 3
    report.left_behind["stripe_id"] = 2

    code = close(report, {"created": "created"}, "Import", as_json=False, dry_run=True)

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "Import, if this were no dry run:",
        "      1,234  created",
        "          3  no users, passed over: SESSION",
        "          2  users whose stripe_id stayed behind",
    ]
