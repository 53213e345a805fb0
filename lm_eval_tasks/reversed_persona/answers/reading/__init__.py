"""Read what a piece of text says: its notation, its numbers, its units, and what kind of answer a gold is."""
