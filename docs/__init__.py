"""The generator of those parts of the documentation that the program itself decides."""
