"""SQLAlchemy tables and queries, a module per aggregate; the only package that knows SQL."""
