"""A second reader of Cohub's records, written from docs/PROTOCOL.md with nothing but Python's library.

It shares no code with the product. It is slow, and meant to be read beside the protocol's page.
"""
