"""From findings to claims: windows and their deadlines, what is still open, money counted once.

Knows rules' outcomes and the contract's clauses; knows nothing of pages or screens.
"""
