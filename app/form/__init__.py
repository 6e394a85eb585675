"""Form definitions and their validation: pure."""
