"""What a browser sent for a form: its answers and papers, and the key that makes sending twice one.

Papers are named by the SHA-256 of their bytes, as the store names them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from uuid import uuid4

from flask import request
from markupsafe import Markup

from app.form import HEAD_BYTES, Form, Submission, UploadedFile

KEY_FIELD = "_key"  # an underscore keeps it out of the form's answers
DRAFT_FIELD = "_draft"
MAX_FILES = 40

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending of a form."""

    submission: Submission
    files: dict[str, bytes]  # reference -> content
    key: str | None  # of the command; None when the browser sent none
    draft: bool  # "保存草稿" was pressed


def read_sent(form: Form) -> Sent:
    """The answers of this request to `form`."""
    contents: dict[str, bytes] = {}
    files: dict[str, list[UploadedFile]] = {}
    chosen = [(name, file) for name, file in request.files.items(multi=True) if file.filename]
    for name, file in chosen[:MAX_FILES]:
        content = file.stream.read()
        ref = hashlib.sha256(content).hexdigest()
        contents[ref] = content
        paper = UploadedFile(ref, file.filename or "", len(content), content[:HEAD_BYTES])
        files.setdefault(name, []).append(paper)
    pairs = list(request.form.items(multi=True))
    submission = form.parse(pairs, files)
    return Sent(submission, contents, sent_key(), DRAFT_FIELD in request.form)


def sent_key() -> str | None:
    """The command key of the page the form stood on."""
    value = request.form.get(KEY_FIELD, "")
    return value if _KEY.fullmatch(value) else None


def key_input(key: str | None = None) -> Markup:
    """The hidden key of a form: the one sent before, else a new one."""
    value = key if key and _KEY.fullmatch(key) else uuid4().hex
    return Markup(f'<input type="hidden" name="{KEY_FIELD}" value="{value}">')  # noqa: S704 - hex
