"""Rows, projections, migrations, full-text search: the only place that knows SQL."""
