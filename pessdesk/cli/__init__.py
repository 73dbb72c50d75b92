"""The same actions from a terminal, for staff and for tests."""
