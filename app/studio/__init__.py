"""Design-time verbs: check, publish."""
