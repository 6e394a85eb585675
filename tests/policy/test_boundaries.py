"""Every shipped table, below, at and above each cut written in it, asked cell by cell.

The analysis says which rows each such case meets; the running table, asked by its closures and by
its index, must say the same. Whether a figure is the lawful one is for the worked examples.
"""

from __future__ import annotations

import pytest

from app.decision import load_model
from app.decision.runtime import Runtime
from app.decision.table import CompiledTable
from app.studio.localities import localities, resolve
from tests.policy.pack import ROOT

FILES = {
    f"{code}: {path}": raw
    for code in localities(ROOT)
    for path, raw in resolve(ROOT, code).of(".dmn").items()
}


@pytest.mark.parametrize("path", FILES)
def test_running_table_agrees_with_the_analysis_at_every_cut(path: str) -> None:
    model = load_model(FILES[path], file=path)
    for name in model.decisions:
        body = model.element(name, "decision").body
        if not isinstance(body, CompiledTable):
            continue
        for case in model.boundaries(name):
            asked = list(case.values.values())
            expected = [number - 1 for number in case.rows]
            if len(asked) == len(body.columns) and body.syntax.hit_policy != "FIRST":
                assert body.match_by_closures(Runtime(), {}, asked) == expected, (name, case)
                assert body.match(Runtime(), {}, asked) == expected, (name, case)


def test_every_locality_has_cuts_to_try() -> None:
    cuts = {path: 0 for path in FILES}
    for path, raw in FILES.items():
        model = load_model(raw, file=path)
        cuts[path] = sum(len(model.boundaries(name)) for name in model.decisions)
    assert sum(cuts.values()) > 100
