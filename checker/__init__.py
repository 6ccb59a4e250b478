"""Rules as YAML over billing data: what a buyer is owed, until when, and what a credit is worth."""

__version__ = "0.1.0"
