"""One place where an error family becomes a status and a page in plain Chinese."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException

from app.kernel.errors import (
    AppError,
    Forbidden,
    Invalid,
    ModelError,
    NotFound,
    Parked,
    Refused,
    Stale,
)

Page = tuple[str, int]

STATUS: dict[type[AppError], int] = {
    Invalid: 422,
    Refused: 409,
    Stale: 409,
    Forbidden: 403,
    NotFound: 404,
    ModelError: 500,
    Parked: 500,
}

_HEADINGS = {
    Refused: "按规定不能这样办",
    Stale: "别人刚刚办过",
    Invalid: "有内容需要修改",
    Forbidden: "这不归您办理",
    NotFound: "没有找到",
    ModelError: "流程或标准有误，已停下",
    Parked: "已停下，等待人工处理",
}

_HTTP = {
    400: ("请求不完整", "浏览器发来的内容不完整。请返回上一页再试。"),
    404: ("没有找到", "没有这个页面，或者它不在您的办理范围内。请核对编号，或从待办进入。"),
    405: ("不能这样打开", "这个地址只接受表单提交。请返回上一页操作。"),
    413: ("文件太大", "一次上传的材料合计不能超过 20 MB。请减少份数或缩小照片后再传。"),
    503: ("系统正忙", "系统暂时处理不过来，没有办理这次操作。请稍后再试。"),
}

_log = logging.getLogger("jiuji.web")


def status_of(error: AppError) -> int:
    """The HTTP status of an expected error, by its family."""
    return next((code for family, code in STATUS.items() if isinstance(error, family)), 500)


def heading_of(error: AppError) -> str:
    """The heading of the error's page."""
    return next(
        (words for family, words in _HEADINGS.items() if isinstance(error, family)), "没有办成"
    )


def install(app: Flask) -> None:
    """From now on errors of `app` end in pages that say what to do next."""
    app.register_error_handler(AppError, expected)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unexpected)


def expected(error: AppError) -> Page:
    """The page of an expected error."""
    status = status_of(error)
    if status >= 500:
        _log.error("%s at %s: %s", error.code, request.path, error.message)
    page = render_template(
        "errors/refusal.html", error=error, heading=heading_of(error), status=status
    )
    return page, status


def http(error: HTTPException) -> Page:
    """The page of an error Flask itself raised."""
    status = error.code or 500
    heading, sentence = _HTTP.get(status, ("没有办成", "系统没有办理这次操作。请返回上一页再试。"))
    return render_template("errors/plain.html", heading=heading, sentence=sentence), status


def unexpected(error: Exception) -> Page:
    """The page of a fault; the details go to the log, never to the screen."""
    _log.exception("fault at %s", request.path, exc_info=error)
    sentence = "系统出了故障，这次操作没有生效，已填内容请先抄下。管理员已能在日志中看到。"
    return render_template("errors/plain.html", heading="系统故障", sentence=sentence), 500
