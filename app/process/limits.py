"""How much one model, one instance and one command may use; each number has a test.

A limit crossed while reading a file is a finding, one crossed while running is an incident or a
`ModelError`. None of them is a policy number.
"""

from __future__ import annotations

FILE_BYTES = 2_000_000  # bytes of one uploaded file
XML_DEPTH = 100  # nested XML elements
XML_ELEMENTS = 20_000  # XML elements of one file
XML_ATTRIBUTES = 40  # attributes of one XML element
ATTRIBUTE_CHARS = 4_000  # characters of one attribute value
TEXT_CHARS = 20_000  # characters of one text node
ID_CHARS = 100  # characters of one element id
SUBPROCESS_DEPTH = 8  # embedded sub-processes and called processes nested in one another
FLOW_NODES = 500  # elements of one process
FLOWS = 2_000  # sequence flows of one process
EXPRESSION_CHARS = 200_000  # FEEL text of one process
FINDINGS = 500  # findings of one lint run

ENGINE_STEPS = 1_000  # elements passed in one command
OPEN_TOKENS = 200  # tokens of one instance at one time
LOOP_ROUNDS = 20  # times one element may be passed in one instance of its process
FACTS_BYTES = 16_384  # encoded facts of one scope; the design aims at 2,048
VALUE_DEPTH = 8  # nested lists and contexts of one fact
VALUE_ITEMS = 500  # items of one list or context among the facts
STATE_BYTES = 262_144  # saved state of one instance, compressed
STATE_RAW_BYTES = 2_097_152  # the same, inflated

TIMER_HORIZON_DAYS = 20 * 366  # a due date farther away is a mistake
CYCLE_REPEATS = LOOP_ROUNDS  # firings of one repeating timer; what follows is passed as often
CYCLE_PERIOD_SECONDS = 60  # shortest period of a repeating timer
