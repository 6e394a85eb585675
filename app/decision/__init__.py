"""DMN and FEEL: pure, no database, no web, no clock."""
