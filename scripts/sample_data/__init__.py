"""Sample data: made-up customers of a property group and everything its systems deliver about them.

The tables are those of the raw data contract. Nothing is taken from a real person: names are drawn from short lists,
e-mail addresses end in example.com and telephone numbers use the prefix 154, which no operator holds.

Customers come in blocks of `scenario.BLOCK_SIZE`. Each block has random streams of its own, so a block is the same
whatever the number of blocks, and only one block is in memory at a time.
"""
