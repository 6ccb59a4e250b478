"""Checked rules over typed tables: plans, the compiler to SQL, running, outcomes.

Knows tables and rules; knows nothing of claims, reports or screens.
"""
