"""Records and raw letters: tables, unit of work, blob store, migrations. Knows no rule of any campaign."""
