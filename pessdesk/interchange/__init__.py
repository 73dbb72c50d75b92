"""Other programs' files: spreadsheets, a programme's folder, the territory's lists."""
