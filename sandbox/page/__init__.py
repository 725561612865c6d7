"""The page that the sandbox serves: a client for its personas, and a log of what the bot did.

Here is the server's side; what the browser runs stands in ``static``, as it is written.
"""
