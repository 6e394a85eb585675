"""What everything rests on: money, clock, working days, ids, errors, roles, audit links.

Standard library only.
"""
