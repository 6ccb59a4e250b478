"""Rule files, read strictly and checked whole: rules, lists, policy values, their own tests.

Knows the rule language and the names of columns; runs nothing over data.
"""
