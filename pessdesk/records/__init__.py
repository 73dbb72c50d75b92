"""The one codec: domain values ↔ envelope ↔ canonical bytes; revision ids, heads, merged view."""
