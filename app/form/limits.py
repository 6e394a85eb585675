"""Every bound of a form file and of what people send in, so that nothing grows without end.

A bound that policy staff may tighten in the form file is the upper bound of theirs.
"""

from __future__ import annotations

# The form file.
MAX_FORM_BYTES = 256 * 1024  # bytes of one .form file
MAX_COMPONENTS = 300  # components of one form, children counted
MAX_DEPTH = 4  # groups and row lists inside one another
MAX_OPTIONS = 300  # choices of one question
MAX_KEY = 64  # characters of a key
MAX_LABEL = 200  # characters of a label or an option
MAX_DESCRIPTION = 1_000  # characters of a hint
MAX_STATIC_TEXT = 10_000  # characters of one static text
MAX_PATTERN = 500  # characters of a pattern
MAX_EXPRESSION = 2_000  # characters of one FEEL expression
MAX_FINDINGS = 200  # findings reported for one file
MAX_NUMBER_TEXT = 18  # characters of a number written in a form file

# Answers.
MAX_LINE = 200  # characters of a one-line answer, unless the form says less
MAX_TEXT = 5_000  # characters of a long answer, unless the form says less
MAX_ROWS = 100  # rows of one list
DEFAULT_MAX_ROWS = 30  # rows of one list when the form does not say
MAX_NUMBER_DIGITS = 15  # digits before the decimal point
MAX_DECIMAL_PLACES = 6  # digits after the decimal point
MAX_FILES = 10  # files of one question
MAX_UPLOAD_BYTES = 10 * 1024 * 1024  # bytes of one uploaded file
MAX_FILE_NAME = 120  # characters of an uploaded file's name

# One request.
MAX_PAIRS = 5_000  # name-value pairs of one request
MAX_PATH = 200  # characters of one field name
MAX_RAW = 20_000  # characters of one value before it is read
MAX_PASSES = 20  # rounds until conditions and computed values stand still
MAX_EVALUATIONS = 20_000  # FEEL evaluations of one sending; more rows or conditions stop it
MAX_CAUTIONS = 100  # warnings kept of one sending
