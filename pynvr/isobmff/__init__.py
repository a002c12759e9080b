"""isobmff"""
