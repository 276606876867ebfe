"""The rules of docs/cards.md, in plain Python: what is measured on a day, and a card walked from day to day."""
