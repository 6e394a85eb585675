"""Carries a scenario with a save and a load in another operating-system process at each wait.

`python -m tests.process.golden` is the other process: it reads file names and a state, loads,
saves again and prints what it sees waiting. A test compares the outcome with the uninterrupted
run's. One child serves a whole scenario set, so that a wait costs milliseconds.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.process import Engine, Library, Outcome, Run, simulate

ROOT = Path(__file__).resolve().parents[2]


def seen(run: Run) -> dict[str, Any]:
    """Everything a caller can see of a run, as text."""
    return {
        "facts": repr(sorted(run.facts.items())),
        "waiting": repr(run.waiting),
        "calls": repr(run.calls),
        "timers": repr(run.timers),
        "messages": repr(run.messages),
        "incidents": repr(run.incidents),
        "ended": run.ended,
        "end": run.end_element_id,
    }


class Elsewhere:
    """Another process that loads and saves states of one library."""

    def __init__(self, child: subprocess.Popen[str], library: Library) -> None:
        self.child = child
        self.engine = Engine(library)
        self.waits = 0

    def __call__(self, run: Run) -> Run:
        """The same run after a journey: saved here, loaded and saved there, loaded here."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        state = run.dump()
        self.child.stdin.write(base64.b64encode(state).decode() + "\n")
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        assert answer["seen"] == seen(run), "the other process sees something else"
        back = base64.b64decode(answer["state"])
        assert back == state, "saving what was loaded gives other bytes"
        self.waits += 1
        return self.engine.load(back)


@contextmanager
def elsewhere(files: Mapping[str, bytes], folder: Path) -> Iterator[Elsewhere]:
    """A child process with the same files, and a function that sends runs through it."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.process.golden", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as child:  # fmt: skip
        yield Elsewhere(child, Library(files))
        assert child.stdin is not None
        child.stdin.close()


def outcome_facts(outcome: Outcome) -> dict[str, Any]:
    """What two runs of one scenario must have in common."""
    return {
        "passed": outcome.passed,
        "facts": outcome.facts,
        "end": outcome.end_element_id,
        "waiting": outcome.waiting,
        "stopped": outcome.stopped,
        "calls": outcome.calls,
        "decisions": [(d.element_id, d.inputs, d.result.value) for d in outcome.decisions],
        "problems": outcome.problems,
    }


def assert_golden(there: Elsewhere, scenario: Mapping[str, Any], **options: Any) -> Outcome:
    """The scenario ends alike with and without the journeys; the plain outcome is returned."""
    plain = simulate(there.engine.library, scenario, **options)
    travelled = simulate(there.engine.library, scenario, between=there, **options)
    assert outcome_facts(travelled) == outcome_facts(plain)
    return plain


def main(folder: Path) -> None:
    """Serve loads and saves over standard input and output."""
    paths = [p for p in folder.rglob("*") if p.suffix in (".bpmn", ".dmn")]
    files = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
    engine = Engine(Library(files))
    for line in sys.stdin:
        run = engine.load(base64.b64decode(line))
        answer = {"seen": seen(run), "state": base64.b64encode(run.dump()).decode()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
