"""DMN and FEEL: pure, no database, no web, no clock.

Texts become nodes, nodes are checked, checked nodes become closures, closures answer with a
Result that says why. Nothing of Python is reachable from a model: no eval, no attribute access.
"""

from app.decision.batch import BatchResult
from app.decision.batch_data import Coded, Scaled, fen
from app.decision.boundaries import Boundary
from app.decision.explain import explain
from app.decision.expressions import (
    CompiledExpression,
    ExpressionError,
    compile_expression,
    evaluate_expression,
    evaluate_unary_tests,
    parse_checked,
)
from app.decision.model import DecisionModelError, Model, UnknownElementError, load_model
from app.decision.result import Caution, Finding, MatchedRule, Place, Result, TableTrace

__all__ = [
    "BatchResult",
    "Boundary",
    "Caution",
    "Coded",
    "CompiledExpression",
    "DecisionModelError",
    "ExpressionError",
    "Finding",
    "MatchedRule",
    "Model",
    "Place",
    "Result",
    "Scaled",
    "TableTrace",
    "UnknownElementError",
    "compile_expression",
    "evaluate_expression",
    "evaluate_unary_tests",
    "explain",
    "fen",
    "load_model",
    "parse_checked",
]
