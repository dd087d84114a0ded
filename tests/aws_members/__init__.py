"""Which members of AWS's responses are read, seen by what the readers take out of a response that has every member."""
