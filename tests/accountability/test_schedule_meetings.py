"""`schedule_meetings --problem FILE --output FILE`: the file is whole or not there, errors are one sentence."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.accountability.scheduling.problems import make_problem
from tests.accountability.scheduling.slow_twin import check_answer


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(make_problem()), encoding="utf-8")
    return path


def run(**options: Any) -> str:
    out = StringIO()
    call_command("schedule_meetings", stdout=out, **options)
    return out.getvalue()


def test_a_timetable_is_written(problem: Path, tmp_path: Path) -> None:
    output = tmp_path / "timetable.json"
    said = run(problem=str(problem), output=str(output), seconds="20")
    assert said == f"Optimal: placed 3 of 3 meetings. The timetable is in {output}.\n"
    answer = json.loads(output.read_bytes())
    check_answer(make_problem(), answer)
    assert list(answer) == ["status", "placed", "unplaced"]
    assert list(answer["placed"][0]) == ["organisation", "slot", "track", "chair", "members"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["problem.json", "timetable.json"]


def test_locks_that_break_rules_are_an_answer_too(problem: Path, tmp_path: Path) -> None:
    data = make_problem()
    for meeting in data["meetings"]:
        meeting["locked"] = {"slot": 0, "track": 0}
    problem.write_text(json.dumps(data), encoding="utf-8")
    output = tmp_path / "timetable.json"
    said = run(problem=problem, output=output)
    assert said.startswith(
        "Infeasible: locked meetings break a rule. o0 is locked to 3 March at 09:00, track 0, and "
    )
    answer = json.loads(output.read_bytes())
    assert (answer["status"], answer["placed"]) == ("infeasible", [])
    assert len(answer["problems"]) == 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"output": "{folder}/x"},
            "Give --problem FILE and --output FILE, the one to read and the one to write.",
        ),
        (
            {"problem": "{folder}/p"},
            "Give --problem FILE and --output FILE, the one to read and the one to write.",
        ),
        (
            {"problem": "{folder}/none", "output": "{folder}/x"},
            "{folder}/none cannot be read: No such file or directory. Name a file that can.",
        ),
        (
            {"problem": "{folder}/bad", "output": "{folder}/x"},
            "{folder}/bad: tracks: it is missing; give it.",
        ),
        (
            {"problem": "{folder}/bad", "output": "{folder}/nowhere/x"},
            "There is no folder {folder}/nowhere: make it, or name a file elsewhere.",
        ),
        (
            {"problem": "{folder}/bad", "output": "{folder}/x", "seconds": "soon"},
            "--seconds: ‘soon’ is not a time; give a number of seconds above 0, such as 60.",
        ),
        (
            {"problem": "{folder}/bad", "output": "{folder}/x", "seconds": "0"},
            "--seconds: ‘0’ is not a time; give a number of seconds above 0, such as 60.",
        ),
        (
            {"problem": "{folder}/bad", "output": "{folder}/x", "seconds": "inf"},
            "--seconds: ‘inf’ is not a time; give a number of seconds above 0, such as 60.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    tmp_path: Path, options: dict[str, str], sentence: str
) -> None:
    (tmp_path / "bad").write_text('{"slots": []}', encoding="utf-8")
    (tmp_path / "x").write_text("as it was", encoding="utf-8")
    with pytest.raises(CommandError) as raised:
        run(**{name: value.format(folder=tmp_path) for name, value in options.items()})
    assert str(raised.value) == sentence.format(folder=tmp_path)
    assert (tmp_path / "x").read_text(encoding="utf-8") == "as it was"
