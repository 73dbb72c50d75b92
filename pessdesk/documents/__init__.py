"""Documents on paper and for the web: one content, two looks."""
