"""The core's migrations, reviewed by hand: the generator's drafts leave constraints out."""
