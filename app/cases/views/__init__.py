"""Read models: what a page shows, gathered in one reading unit; nothing here writes."""
