"""The plugins that come with Ladderkeeper, one folder each."""
