"""Forms: the questions of a process as data, read, judged and shown by one definition. Pure.

Reference for those who write form files: `docs/forms.md`.
"""

from app.form.answers import Outcome
from app.form.constraints import Moment, options_of
from app.form.describe import BLANK, MASKS, DescribedField, text_of
from app.form.form import Form, FormModelError, check_form, load_form
from app.form.settle import Settled
from app.form.submission import Submission
from app.form.uploads import HEAD_BYTES, UploadedFile, files_in

__all__ = [
    "BLANK",
    "HEAD_BYTES",
    "MASKS",
    "DescribedField",
    "Form",
    "FormModelError",
    "Moment",
    "Outcome",
    "Settled",
    "Submission",
    "UploadedFile",
    "check_form",
    "files_in",
    "load_form",
    "options_of",
    "text_of",
]
