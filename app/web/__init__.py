"""Pages for people (HTML): parse, call one verb, answer."""
