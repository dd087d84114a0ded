"""The script of ``sddoctor probe``, and what it printed."""
