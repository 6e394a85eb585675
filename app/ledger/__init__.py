"""Money movements as double-entry values: pure."""
