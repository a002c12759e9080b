"""The routes, a module a subject: each has `routes(site) -> list[Route]`."""
