"""JSON for machines: parse, call one verb, answer."""
