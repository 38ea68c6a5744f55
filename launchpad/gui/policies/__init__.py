"""The policies screen: clauses, what is compiled from them, how far raters agree, versions, runs, feedback."""
