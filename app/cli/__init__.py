"""Commands for operators: parse, call one verb, answer."""


def main() -> None:
    """Run the `jiuji` command."""
