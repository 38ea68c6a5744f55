"""The decision screen: what is decided of a launch, on what grounds, and whether signatures still hold."""
