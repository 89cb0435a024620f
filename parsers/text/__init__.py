"""Pure text measures: counting, headings, titles, script, form fields."""
