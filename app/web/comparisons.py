"""Two packages beside each other on a page: words, pictures before and after, table rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.process import ProcessDefinition
from app.studio.comparison import DrawingPair, FileChange
from app.web.diagram import Mark, Progress, draw
from app.web.diagram_reader import UndrawableError, picture_of

STATE_WORDS = {
    "added": ("新增", "done"),
    "changed": ("有改动", "soon"),
    "removed": ("将删去", "refused"),
}
_SAME = Mark(Progress.SAME)


@dataclass(frozen=True, slots=True)
class PicturePair:
    """One process drawn twice; a picture is None when there is no such process or no drawing."""

    name: str
    before: Markup | None
    after: Markup | None
    words: str  # "新增 2 处，有改动 1 处"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file with its pictures drawn."""

    change: FileChange
    pictures: Sequence[PicturePair]


def shown(changes: Iterable[FileChange]) -> list[ChangedFile]:
    """The changes, ready for `macros/comparison.html`."""
    number = 0
    found = []
    for change in changes:
        pictures = []
        for pair in change.drawings:
            number += 1
            pictures.append(_pair(pair, number))
        found.append(ChangedFile(change, pictures))
    return found


def _pair(pair: DrawingPair, number: int) -> PicturePair:
    before = _marks(pair.changed, Progress.CHANGED) | _marks(pair.removed, Progress.REMOVED)
    after = _marks(pair.changed, Progress.CHANGED) | _marks(pair.added, Progress.ADDED)
    counts = (("新增", pair.added), ("有改动", pair.changed), ("将删去", pair.removed))
    return PicturePair(
        pair.name,
        _drawn(pair.before, before, pair.removed, f"改动以前的“{pair.name}”", f"old{number}"),
        _drawn(pair.after, after, pair.added, f"改动以后的“{pair.name}”", f"new{number}"),
        "，".join(f"{word} {len(ids)} 处" for word, ids in counts if ids),
    )


def _marks(ids: Iterable[str], progress: Progress) -> dict[str, Mark]:
    return {element_id: Mark(progress) for element_id in ids}


def _drawn(
    definition: ProcessDefinition | None,
    marks: dict[str, Mark],
    flows: frozenset[str],
    title: str,
    uid: str,
) -> Markup | None:
    if definition is None:
        return None
    try:
        picture = picture_of(definition)
    except UndrawableError:
        return None
    return draw(picture, marks, passed=flows, title=title, uid=uid, rest=_SAME)
