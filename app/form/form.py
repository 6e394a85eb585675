"""A form: loaded once from its checked file, then asked to read, judge and show answers.

Pure: the facts around the form and the moment come in as arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from app.decision.result import Caution, Finding
from app.form import codec, describe, submission
from app.form.answers import Outcome, initial_values, judge, read_sent
from app.form.building import build
from app.form.checks import check_keys, check_order, check_rows
from app.form.constraints import Moment
from app.form.limits import MAX_FINDINGS
from app.form.model import Component, RowList, Valued, valued
from app.form.reading import read_json
from app.form.settle import Settled, settle
from app.form.source import Notes
from app.form.submission import Submission
from app.form.uploads import UploadedFile
from app.kernel.errors import ModelError

_INDEX = re.compile(r"\[[0-9]*\]")


class FormModelError(ModelError):
    """The form file is broken; `findings` say where and what to do."""


@dataclass(frozen=True, slots=True)
class Form:
    """A set of questions under an id."""

    id: str
    name: str
    components: tuple[Component, ...]
    warnings: tuple[Finding, ...] = ()  # what does not stop publication
    _index: Mapping[str, Valued] = field(default_factory=dict, repr=False, compare=False)

    def field(self, path: str) -> Valued:
        """The question at "members[0].name" or "members.name"; raises KeyError."""
        return self._index[_INDEX.sub("", path)]

    def field_paths(self) -> frozenset[str]:
        """The paths of all questions and computed values, rows without index: "members.name"."""
        return frozenset(self._index)

    def parse(
        self,
        pairs: Iterable[tuple[str, str]],
        files: Mapping[str, UploadedFile | Sequence[UploadedFile]] | None = None,
    ) -> Submission:
        """The submission that flat HTML names and values mean."""
        return submission.from_pairs(self.components, pairs, files or {})

    def parse_json(self, sent: Any) -> Submission:
        """The submission that nested JSON means; unknown keys become problems."""
        return submission.from_json(self.components, sent)

    def after_action(self, sent: Submission) -> Submission:
        """The submission after the row button that was pressed."""
        return submission.after_action(self.components, sent)

    def fill(self, values: Mapping[str, Any]) -> Submission:
        """The submission that kept `values` would have come from; for showing them again."""
        return Submission(submission.from_values(self.components, values))

    def validate(
        self,
        sent: Submission,
        *,
        context: Mapping[str, Any],
        now: datetime,
        values_so_far: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """The answers as kept and everything that must be mended.

        `context` and `values_so_far` are usable in FEEL, the form's own answers come first.
        Read-only answers and files sent earlier are taken from `values_so_far`.
        """
        return judge(self.components, sent, context, now, values_so_far or {})

    def initial(
        self,
        context: Mapping[str, Any],
        now: datetime,
        values_so_far: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Defaults, first rows and computed values of an untouched form."""
        return initial_values(self.components, context, now, values_so_far or {})

    def settle(
        self,
        sent: Submission,
        context: Mapping[str, Any],
        now: datetime,
        values_so_far: Mapping[str, Any] | None = None,
    ) -> Settled:
        """Visibility and computed values while the form is being filled."""
        so_far = values_so_far or {}
        base = {**context, **so_far}
        answers, _ = read_sent(self.components, sent.raw, base, now, so_far)
        return settle(self.components, answers, base, now)

    def visible(
        self, values: Mapping[str, Any], context: Mapping[str, Any], now: datetime | None = None
    ) -> frozenset[str]:
        """The paths shown for typed `values`; what has no key is named "_1", "_2_1"."""
        return settle(self.components, values, context, now).visible

    def dump(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """`values` for JSON; decimals as text."""
        return codec.dump(self.components, values)

    def load(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The typed values of what `dump` wrote; keys the form no longer has are left out."""
        return codec.load(self.components, stored)

    def describe(
        self,
        values: Mapping[str, Any],
        mask: bool = True,
        *,
        context: Mapping[str, Any] | None = None,
        now: datetime | None = None,
    ) -> list[describe.DescribedField]:
        """Label, text, clause and sensitivity of every kept answer, in form order.

        With `context` and `now`, choices that FEEL offers are shown by their label, too.
        """
        moment = Moment(context or {}, now) if now else None
        return describe.describe(self.components, values, mask=mask, moment=moment)


def load_form(raw: bytes, *, file: str = "") -> Form:
    """The form in `raw`; raises FormModelError with all findings."""
    form, findings = _read(raw, file, None)
    errors = [one for one in findings if one.severity == "error"]
    if errors or form is None:
        shown = file or "上传的文件"
        raise FormModelError(
            f"表单 {shown} 有 {len(errors)} 处要改：{errors[0].message}", findings, file=file
        )
    return form


def check_form(
    raw: bytes,
    *,
    file: str = "",
    must_have: Iterable[str] = (),
    facts: Iterable[str] | None = None,
) -> list[Finding]:
    """Everything to say about the file.

    `must_have` are keys a statutory form may not lose; `facts` are the names its expressions may
    use besides its own keys, None accepts any.
    """
    form, findings = _read(raw, file, None if facts is None else frozenset(facts))
    present = form.field_paths() if form else frozenset()
    for key in must_have if form else ():
        if key not in present:
            notes = Notes()
            notes.add(
                "statutory_field_missing",
                f"法定表单缺少必备项“{key}”",
                "请恢复这个问题，法定项目不能删去",
                at=key,
            )
            findings += [_placed(one, file) for one in notes.found]
    return findings


def _read(raw: bytes, file: str, facts: frozenset[str] | None) -> tuple[Form | None, list[Finding]]:
    document, findings = read_json(raw)
    notes = Notes(list(findings), facts=facts)
    if document is not None or not findings:
        form_id, name, components = build(document, notes)
        if file.endswith(".form") and form_id and PurePosixPath(file).stem != form_id:
            message = f"表单的 id“{form_id}”与文件名不同"
            suggestion = "请改成一样，流程图按 id 找表单"
            notes.add("id_not_file_name", message, suggestion, at="", severity="warning")
        check_keys(components, notes)
        check_rows(components, notes)
        check_order(components, notes)
    told = {(one.code, one.message): one for one in notes.found}
    placed = [_placed(one, file) for one in told.values()]
    if any(one.severity == "error" for one in placed):
        return None, sorted(placed, key=lambda one: one.severity != "error")[:MAX_FINDINGS]
    index = dict(_indexed(components, ""))
    return Form(form_id, name, components, tuple(placed), index), placed


def _placed(one: Finding, file: str) -> Finding:
    return replace(one, place=replace(one.place, file=file))


def _indexed(components: tuple[Component, ...], prefix: str) -> Iterable[tuple[str, Valued]]:
    for one in valued(components):
        yield prefix + one.name, one
        if isinstance(one, RowList):
            yield from _indexed(one.components, f"{prefix}{one.name}.")


__all__ = ["Caution", "Form", "FormModelError", "check_form", "load_form"]
