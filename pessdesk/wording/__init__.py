"""The words people see: gettext catalogs, and the sentence for each code. Catalan first, then Spanish and English."""
