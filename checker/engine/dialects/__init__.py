"""What differs from engine to engine: types, literals, and one entry for each operation of the rule language."""
