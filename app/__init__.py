"""Jiuji (救急): temporary-assistance casework run by BPMN, DMN and form files.

This package holds machines only; policy lives in `processes/`, `dmn/` and `forms/`.
"""
