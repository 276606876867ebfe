"""The rules of docs/points.md, in plain Python: accounts, what a sale earns, and lots spent one after the other."""
