"""The window: screens, and what stands between them and the use cases."""
