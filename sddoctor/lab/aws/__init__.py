"""An AWS account that is not one: the API operations that sddoctor needs, over real HTTP, from a world."""
