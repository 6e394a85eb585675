"""What a paper may show: the fixed set of fields and of lists, with their labels.

Where a value comes from is `app.cases.paper_fields` and `app.cases.paper_lists`. A template can
name nothing else; a notice only those of FIELDS that the publicity table allows (guard-rail G20).
"""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "case_no": "受理编号",
    "applicant_masked": "申请人（隐去名）",
    "applicant_name": "申请人姓名",
    "village": "村（居）",
    "township": "乡镇（街道）",
    "cause_class": "救助事由类别",
    "amount": "救助金额（元）",
    "amount_capitals": "人民币（大写）",
    "paid_on": "发放日期",
    "decided_on": "决定日期",
    "reasons": "理由",
    "clauses": "依据条款",
    "remedies": "救济途径",
    "referral": "转介建议",
    "organ": "作出机关",
    "issued_on": "出具日期",
}
"""Fields of letters and notices."""

RECORD_FIELDS: Mapping[str, str] = {
    "applicant_gender": "性别",
    "applicant_id_number": "身份证号",
    "applicant_phone": "联系电话",
    "applicant_kind": "求助对象",
    "residence": "户籍情况",
    "address": "现居住地",
    "group": "对象类别",
    "record_no": "认定证号",
    "members": "家庭人口",
    "channel": "申请方式",
    "reporter_name": "报告人或受托人",
    "reported_at": "报告或申请时间",
    "route": "办理路径",
    "cause": "困难事由",
    "occurred_at": "发生时间",
    "summary": "情况简述",
    "income_6m": "前六个月家庭可支配收入",
    "income_12m": "前十二个月家庭可支配收入",
    "self_paid_medical": "自负医疗费用",
    "self_paid_education": "自负教育费用",
    "self_paid_cost": "核实的自负费用",
    "vehicles": "机动车",
    "houses": "住房",
    "savings": "存款和有价证券",
    "property_note": "房、车、存款等",
    "aid_before": "以前得到的临时救助",
    "times_this_year": "本年度第几次（含本次）",
    "amount_this_year": "本年度累计金额（元）",
    "investigators": "调查人",
    "verified_at": "调查时间",
    "findings": "调查情况",
    "appraised_on": "评议日期",
    "attended": "参加评议",
    "appraisal": "民主评议意见",
    "review": "条件审核结果",
    "township_opinion": "乡镇（街道）审批意见",
    "county_opinion": "县级民政审批意见",
    "method": "发放方式",
    "paid_at": "实际发放时间",
    "payer_1": "发放人一",
    "payer_2": "发放人二",
    "receipt_kind": "谁签收",
    "signer_name": "签收人姓名",
    "bank_name": "开户行",
    "bank_account": "收款账号",
    "voucher_no": "凭证编号",
    "registered_amount": "登记的救助金额",
    "registered_cause": "登记的救助事由",
    "handler": "经办人",
    "eased_on": "急难缓解时间",
    "late_reason": "超期原因",
    "catchup_due": "补登期限",
    "scope": "授权核对的范围",
    "signed": "已签字的成年家庭成员",
    "valid_until": "授权有效期至",
    "situation": "困难事实",
    "persons": "家庭人数",
    "relief_amount": "拟给予临时救助",
    "relief_multiple": "相当于城市低保月标准的倍数",
    "relief_reasons": "金额的理由",
    "like_conclusion": "与相似个案比较",
    "risks": "风险和防范",
    "minutes": "会议纪要",
}
"""Further fields of records, which stay in the case's file and name the person in full."""

ALL_FIELDS: Mapping[str, str] = {**FIELDS, **RECORD_FIELDS}

LISTS: Mapping[str, Mapping[str, str]] = {
    "members": {
        "member_name": "姓名",
        "relation": "与申请人的关系",
        "member_id_number": "身份证号",
        "signature": "签名（按手印）",
    },
    "handed_over": {
        "item": "品名",
        "quantity": "数量",
        "value": "价值（元）",
        "voucher_no": "凭证编号",
        "paid_on": "发放日期",
    },
    "schemes_used": {"scheme": "制度", "used_amount": "已给予金额", "used_result": "结果"},
    "measures": {
        "department": "由谁落实",
        "what": "做什么",
        "measure_amount": "金额",
        "finish_by": "何时完成",
        "money_from": "资金从哪里来",
    },
    "like_cases": {
        "like_case": "受理编号或简况",
        "like_amount": "救助金额",
        "like_multiple": "倍数",
    },
    "opinions": {"step": "环节", "person": "办理人", "at": "时间", "opinion": "意见"},
    "attachments": {"name": "材料", "added_on": "收到日期"},
}
"""List -> its columns with their headings."""

FIGURES = frozenset({"value", "used_amount", "measure_amount", "like_amount", "like_multiple"})
"""Columns that are aligned right."""
