"""PessDesk: workshops' contributions recorded offline, handed over as signed bundles, made one."""

__version__ = "0.1.0"
