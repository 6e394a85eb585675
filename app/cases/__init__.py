"""Run-time verbs: one verb is one transaction."""
