"""sddoctor: why does this Amazon ECS service-discovery name not resolve?"""

__version__ = "0.1.0"
