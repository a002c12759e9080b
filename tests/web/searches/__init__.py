"""Searches over HTTP, with a searcher beside the site."""
