"""Readings of a Case that several causes need: which namespace, which tasks, who answered what.

Pure: nothing here does I/O, and nothing takes "not seen" for "absent".
"""
