"""Documents generated from the code: `python -m docs.generate`."""
