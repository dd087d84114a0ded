"""What several causes read from a Case: which namespace and tasks are meant, and which server returned what.

Pure: nothing here does I/O, and nothing takes "not seen" for "absent".
"""
