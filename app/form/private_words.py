"""Finding what no public notice may say: identity numbers, phones, accounts, and known secrets.

Pure patterns, deliberately wide: a number with spaces, dashes or full-width digits is found too,
and a wrong check digit does not hide an identity number. A landline with an area code is not
looked for, because a notice names the office's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

MAX_SHOWN = 4  # characters of a finding that the refusal repeats
MIN_SECRET = 2  # a shorter text is found everywhere and gives nobody away

# Separators people put into numbers; not a full stop, which ends an amount.
_GAP = r"[ \-–—·_]?"
_RUN = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{10,22}}(?:{_GAP}[xX](?![0-9A-Za-z]))?")
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_ID = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]|[1-9][0-9]{16}X|[1-9][0-9]{14}")
_OUR_NUMBER = re.compile(r"[0-9]{6}-[0-9]{4}-[0-9]{6}")  # of a case
_ACCOUNT_DIGITS = range(12, 24)


@dataclass(frozen=True, slots=True)
class Private:
    """One thing that gives a person away."""

    kind: str  # Chinese: "身份证号"
    shown: str  # its first characters, the rest behind stars
    line: int  # of the text, from 1


def find_private(text: str, secrets: Mapping[str, str] | None = None) -> list[Private]:
    """What of a text must not be published, in order of place.

    secrets: label -> a text known of this very case (name, address) that must not appear.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        plain = unicodedata.normalize("NFKC", line)
        found += [Private(kind, _hidden(run), number) for kind, run in _numbers(plain)]
        for label, secret in (secrets or {}).items():
            told = unicodedata.normalize("NFKC", secret).strip()
            if len(told) >= MIN_SECRET and told in plain:
                found.append(Private(label, _hidden(told), number))
    return found


def _numbers(line: str) -> list[tuple[str, str]]:
    return [(kind, run) for run in _RUN.findall(line) if (kind := _kind(run))]


def _kind(run: str) -> str:
    if _OUR_NUMBER.fullmatch(run):
        return ""
    digits = re.sub(_GAP[:-1] + "+", "", run).upper()
    if _MOBILE.fullmatch(digits):
        return "手机号"
    if _ID.fullmatch(digits):
        return "身份证号"
    return "银行账号" if len(digits) in _ACCOUNT_DIGITS and digits.isdigit() else ""


def _hidden(text: str) -> str:
    kept = min(MAX_SHOWN, len(text) // 2)
    return text[:kept] + "*" * (len(text) - kept)
