"""What Discord accepts: each module reads a body, or raises with the paths that are wrong."""
