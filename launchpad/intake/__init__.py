"""Evidence files from strangers in, plain records out: streamed, bounded, nothing guessed."""
