"""Words for people's data: masks and the labels of codes, as the models name them."""

from __future__ import annotations

from app.cases.package import Package
from app.form.model import ChoiceQuestion, Component, valued

MASK = "*"


def surname_only(name: str) -> str:
    """Surname and a star for each further character, as public notices show it: 王*."""
    name = name.strip()
    return name[:1] + MASK * (len(name) - 1)


def option_label(package: Package, key: str, value: str) -> str:
    """The label of a coded answer in whichever form of the package asks `key`; else the value."""
    for form_id in package.form_ids:
        for question in _choices(package.form(form_id).components, key):
            for option in question.options:
                if option.value == value:
                    return option.label
    return value


def meaning_label(package: Package, entry: str, value: str) -> str:
    """The label of an answer by what the question means (`form.dictionary`), rows included."""
    for form_id in package.form_ids:
        form = package.form(form_id)
        for question in map(form.field, form.field_paths()):
            if isinstance(question, ChoiceQuestion) and question.meta.dictionary == entry:
                for option in question.options:
                    if option.value == value:
                        return option.label
    return value


def _choices(components: tuple[Component, ...], key: str) -> list[ChoiceQuestion]:
    return [
        one for one in valued(components) if isinstance(one, ChoiceQuestion) and one.name == key
    ]
