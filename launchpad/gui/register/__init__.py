"""The register: risk areas, and the scenarios in which each turns into harm."""
