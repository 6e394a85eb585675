"""What a ledger may show: the declared queries and, for each, its columns with unit and mask.

Which query reads which tables is `app.cases.ledgers`; a locality's `.ledger.toml` file picks out
of the columns here. Adding a ledger: declare its query here, write its rows there.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.form.ledger_money import MONEY
from app.form.ledger_shapes import (
    WHO,
    Column,
    Query,
    at,
    count,
    day,
    hours,
    money,
    percent,
    text,
)

PARAMETERS: Mapping[str, str] = {
    "channels": "报告渠道代码",
    "clocks": "期限代码",
    "forms": "发放形式代码",
    "kinds": "种类代码",
}
"""Words with which a file narrows a query."""

_BY_CASE = ("period", "township", "route", "state")
_STATUS = ("open", "closed", "refused", "withdrawn")

_CASES: Mapping[str, Query] = {
    "relief": Query(
        "每个案件一行",
        "cases",
        (
            *WHO,
            text("township_code", "乡镇（街道）代码"),
            text("village_code", "村（居）代码"),
            text("channel", "报告渠道"),
            at("reported_at", "报告时间"),
            text("route", "办理路径", "route"),
            text("route_code", "办理路径代码"),
            text("cause_class", "事由类别"),
            text("status", "状态", "status"),
            text("status_code", "状态代码"),
            text("outcome", "结果", "outcome"),
            money("paid", "已发放（元）"),
            count("times", "发放次数"),
            text("form_of_aid", "发放形式", "aid"),
            at("first_paid_at", "首次发放时间"),
            day("closed_on", "办结日期"),
            text("responsible", "首问（负责）人"),
        ),
        _BY_CASE,
        states=_STATUS,
    ),
    "visits": Query(
        "每次走访一行",
        "cases",
        (
            at("visited_at", "走访时间"),
            text("household", "户主"),
            text("township", "乡镇（街道）"),
            text("village", "村（居）"),
            text("source", "来源"),
            text("by", "走访人"),
            Column("findings", "走访情况", personal=True),
        ),
    ),
    "repeats": Query(
        "每条线索一行",
        "cases",
        (
            *WHO,
            day("found_on", "发现日期"),
            text("kind", "种类", "ledger_state"),
            text("earlier_no", "以前的受理编号"),
            day("earlier_on", "以前的日期"),
            text("message", "线索"),
            text("state", "核查结果", "ledger_state"),
            text("reason", "理由"),
            text("decided_by", "核查人"),
        ),
        ("period", "township", "state"),
        states=("open", "allowed", "repeat", "noted"),
    ),
    "notices": Query(
        "每份公示一行",
        "cases",
        (
            text("title", "公示名称"),
            *WHO,
            at("posted_at", "张贴时间"),
            at("until", "应撤下时间"),
            at("down_at", "实际撤下时间"),
            text("state", "状态", "ledger_state"),
            count("objections", "异议件数"),
            text("posted_by", "发布人"),
        ),
        ("period", "township", "state"),
        states=("up", "over", "down"),
    ),
    "reports": Query(
        "每次报告一行",
        "cases",
        (
            *WHO,
            at("reported_at", "报告时间"),
            text("channel", "渠道"),
            Column("reporter", "报告人", personal=True),
            Column("reporter_phone", "报告人电话", personal=True),
            text("summary", "情况"),
            text("cause_class", "事由类别"),
            text("taken_by", "首问人"),
            at("first_paid_at", "首次发放时间"),
            hours("lead_hours", "报告到发放（小时）"),
            text("status", "状态", "status"),
        ),
        _BY_CASE,
        ("channels",),
        _STATUS,
    ),
    "meetings": Query(
        "每次会议一行",
        "cases",
        (
            text("meeting_no", "会议编号"),
            text("case_no", "受理编号"),
            Column("applicant", "申请人", personal=True),
            count("round", "第几次", total=False),
            text("mode", "会议方式"),
            at("convened_at", "召集时间"),
            at("held_at", "会议时间"),
            text("place", "地点"),
            count("eligible", "应到", total=False),
            count("present", "实到", total=False),
            count("yes", "赞成", total=False),
            count("no", "反对", total=False),
            count("abstain", "弃权", total=False),
            text("result", "结果"),
            text("signed", "签批"),
        ),
        ("period", "state"),
        states=("convened", "noticed", "closed"),
    ),
    "limits": Query(
        "每个超期的期限一行",
        "cases",
        (
            text("limit", "期限"),
            *WHO,
            at("started_at", "起算时间"),
            at("due_at", "应办结时间"),
            at("stopped_at", "实际办结时间"),
            hours("late_hours", "超期（小时）"),
            count("late_workdays", "超期（工作日）", total=False),
            text("state", "状态", "ledger_state"),
            text("done_by", "当前或最后办理人"),
        ),
        ("period", "township", "state"),
        ("clocks",),
        ("open", "met"),
    ),
    "timeliness": Query(
        "每个乡镇（街道）每种期限一行",
        "cases",
        (
            text("township", "乡镇（街道）"),
            text("limit", "期限"),
            count("started", "起算件数"),
            count("on_time", "按时"),
            count("late", "超期办结"),
            count("late_open", "超期未办"),
            count("running", "办理中"),
            percent("share", "按时率（%）"),
            hours("median", "用时中位数（小时）"),
            hours("p90", "用时九成位（小时）"),
        ),
        params=("clocks",),
    ),
    "discovery": Query(
        "每种报告渠道一行",
        "cases",
        (
            text("channel", "报告渠道"),
            count("cases", "件数"),
            percent("share", "占比（%）"),
            count("relieved", "已救助"),
            count("refused", "不予救助"),
            count("open", "办理中"),
            hours("median", "报告到首次发放中位数（小时）"),
        ),
    ),
    "performance": Query(
        "每项指标一行",
        "cases",
        (
            text("indicator", "指标"),
            text("value", "结果"),
            text("unit", "单位"),
            text("part", "分子"),
            text("whole", "分母"),
            text("meaning", "计算口径"),
        ),
        params=("channels", "clocks"),
    ),
}

QUERIES: Mapping[str, Query] = {**_CASES, **MONEY}
"""Name of a query -> what it may show."""
