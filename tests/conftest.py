"""What every test shares: hypothesis neither times examples nor keeps a database beside the sources."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "pessdesk", deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("pessdesk")
