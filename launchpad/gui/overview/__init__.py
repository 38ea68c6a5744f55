"""The overview: where the launch stands, what to do first, what to look at."""
