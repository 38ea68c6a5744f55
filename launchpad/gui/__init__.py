"""Everything Qt: the application, the document it shows, and one folder per screen."""
