"""The rules of docs/signals.md, in plain Python: one module per section."""
