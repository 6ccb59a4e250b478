"""The rule language: a closed subset of FEEL (OMG DMN, clause 10.3). Text becomes a typed tree; the tree has one meaning.

Knows no engine and no file.
"""
