"""备用金: what a township's reserve holds, what is promised, and its book."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import fund as verbs
from app.cases.views.fund import fund_page
from app.cases.views.fund_lines import FundLine
from app.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from app.kernel.ids import uuid7
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.ledger.entry import Source
from app.web import auth, errors, labels
from app.web.amounts import money_of
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("fund", __name__, url_prefix="/funds")

Answer = Response | str | tuple[str, int]

PAGE_LINES = 20
MAX_TEXT_CHARS = 100
MAX_DIGITS = 9  # of an entry number
METER_WIDTH = 1000  # units of the little picture of held and free
_ALLOT_SOURCES = (
    (Source.TOWNSHIP, "乡镇（街道）本级筹集"),
    (Source.COUNTY, "县级拨付"),
    (Source.CITY, "市级拨付"),
    (Source.PROVINCIAL, "省级拨付"),
    (Source.CENTRAL, "中央拨付"),
)


@blueprint.get("/")
def overview() -> str:
    """The reserves the person may see; the book when there is only one."""
    return _render("")


@blueprint.get("/<township>")
def book(township: str) -> str:
    """The book of one township."""
    return _render(township)


@blueprint.post("/<township>/allot")
def allot(township: str) -> Answer:
    """The reserve has grown by an allotment."""
    here, actor = services(), auth.actor()
    chosen = _chosen(township)
    typed = _typed("amount", "source", "document_no")
    try:
        amount, source = _allotment(typed)
        fund = Fund(chosen.region, chosen.township, chosen.year)
        verbs.allot(
            here.office,
            actor,
            fund,
            amount,
            source=source,
            document_no=typed["document_no"],
            key=sent_key() or uuid7(here.now()).hex,
        )
    except (Invalid, Refused) as error:
        return _render(township, deed="allot", typed=typed, error=error), errors.status_of(error)
    flash(f"已拨入 {amount} 元。", "ok")
    return redirect(url_for(".book", township=township), 303)


@blueprint.post("/<township>/count")
def count(township: str) -> Answer:
    """The book says what was counted today."""
    here, actor = services(), auth.actor()
    chosen = _chosen(township)
    typed = _typed("counted", "note")
    try:
        counted = money_of(typed["counted"], "counted", "盘点金额")
        key = sent_key() or uuid7(here.now()).hex
        done = verbs.stock_take(
            here.office, actor, chosen.region, township, counted, note=typed["note"], key=key
        )
    except (Invalid, Refused) as error:
        return _render(township, deed="count", typed=typed, error=error), errors.status_of(error)
    if done["difference"] == "0.00":
        flash(f"盘点相符：{counted} 元。", "ok")
    else:
        flash(f"已记入盘点：与账面相差 {done['difference']} 元，已告知县级财政。", "ok")
    return redirect(url_for(".book", township=township), 303)


@blueprint.post("/<township>/refund")
def refund(township: str) -> Answer:
    """A recipient's money is back in the fund that had paid."""
    here, actor = services(), auth.actor()
    chosen = _chosen(township)
    typed = _typed("case_no", "refunded", "reason", "receipt_no")
    try:
        amount = money_of(typed["refunded"], "refunded", "退款金额")
        verbs.refund(
            here.office,
            actor,
            chosen.region,
            typed["case_no"],
            amount,
            reason=typed["reason"],
            receipt_no=typed["receipt_no"],
            key=sent_key() or uuid7(here.now()).hex,
        )
    except NotFound as error:
        problem = FieldProblem("case_no", "案件编号", error.message)
        wrong = Invalid("请改正案件编号。", [problem])
        return _render(township, deed="refund", typed=typed, error=wrong), errors.status_of(wrong)
    except (Invalid, Refused) as error:
        return _render(township, deed="refund", typed=typed, error=error), errors.status_of(error)
    flash(f"已登记退款 {amount} 元。", "ok")
    return redirect(url_for(".book", township=township), 303)


@blueprint.post("/<township>/reverse")
def reverse(township: str) -> Answer:
    """A mistaken allotment is undone by an entry against it."""
    here, actor = services(), auth.actor()
    chosen = _chosen(township)
    typed = _typed("number", "why")
    book = Fund(chosen.region, chosen.township, chosen.year)
    try:
        if not typed["number"].isascii() or not typed["number"].isdigit():
            message = "请填写账本里的序号，如 12。"
            raise Invalid(message, [FieldProblem("number", "序号", message)])
        key = sent_key() or uuid7(here.now()).hex
        number = int(typed["number"][:MAX_DIGITS])
        verbs.reverse(here.office, actor, book, number, reason=typed["why"], key=key)
    except NotFound as error:
        wrong = Invalid(error.message, [FieldProblem("number", "序号", error.message)])
        return _render(township, deed="reverse", typed=typed, error=wrong), errors.status_of(wrong)
    except (Invalid, Refused) as error:
        return _render(township, deed="reverse", typed=typed, error=error), errors.status_of(error)
    flash(f"已冲正第 {number} 号。", "ok")
    return redirect(url_for(".book", township=township), 303)


def _typed(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:MAX_TEXT_CHARS] for name in names}


def _chosen(township: str) -> FundLine:
    chosen = fund_page(services().office, auth.actor(), township).chosen
    assert chosen is not None  # a named township is found or refused
    return chosen


def _allotment(typed: dict[str, str]) -> tuple[Money, Source]:
    problems = []
    sources = {source.value: source for source, _ in _ALLOT_SOURCES}
    if typed["source"] not in sources:
        problems.append(FieldProblem("source", "资金来源", "请选择资金来源。"))
    if not typed["document_no"]:
        problems.append(FieldProblem("document_no", "文号", "请填写拨款文件的文号。"))
    try:
        amount = money_of(typed["amount"], "amount", "拨入金额")
    except Invalid as error:
        problems.extend(error.problems)
    if problems:
        raise Invalid("请改正下列各项。", problems)
    return amount, sources[typed["source"]]


def _render(
    township: str,
    *,
    deed: str = "",
    typed: dict[str, str] | None = None,
    error: Invalid | Refused | None = None,
) -> str:
    page = fund_page(services().office, auth.actor(), township)
    person = auth.visitor()
    pages = max(1, -(-len(page.journal) // PAGE_LINES))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    problems = error.problems if isinstance(error, Invalid) else ()
    return render_template(
        "fund.html",
        page=page,
        total=sum((line.balance for line in page.funds), Money.zero()),
        free=sum((line.free for line in page.funds), Money.zero()),
        journal=page.journal[(number - 1) * PAGE_LINES : number * PAGE_LINES],
        cash=page.cash if request.args.get("all") else page.cash[:PAGE_LINES],
        number=number,
        pages=pages,
        page_url=lambda at: (
            url_for(".book", township=page.chosen.township, page=at) if page.chosen else ""
        ),
        meter=_meter(page.chosen) if page.chosen else None,
        deed_words=labels.DEED,
        source_words=labels.SOURCE,
        purpose_words=labels.PURPOSE,
        package_words=labels.PACKAGE,
        reads_county=person is not None
        and person.holds("county_finance", "county_handler", "county_approver", "auditor"),
        may_write_off=person is not None
        and person.holds("township_handler", "county_handler", "county_finance"),
        may_refund=person is not None and person.holds("county_finance", "township_handler"),
        may_allot=person is not None and person.holds("county_finance"),
        may_count=person is not None
        and person.holds("township_handler", "township_approver", "county_finance"),
        sources=_ALLOT_SOURCES,
        open_deed=deed,
        typed=typed or {},
        problems=[{"href": f"#{one.key}", "message": one.message} for one in problems],
        problem_of={one.key: one.message for one in problems},
        refused=error if isinstance(error, Refused) else None,
        key_input=key_input,
    )


def _meter(line: FundLine) -> tuple[int, int]:
    """Widths of the free and the held part; both zero for an empty reserve."""
    whole = max(line.received.fen, line.balance.fen, 1)
    return (line.free.fen * METER_WIDTH // whole, line.held.fen * METER_WIDTH // whole)
