"""The queue's migrations, reviewed by hand."""
