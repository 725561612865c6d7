"""What Discord accepts: each module reads a request body, or raises with the paths that are wrong."""
