"""HiGHS without its greeting: what it says goes to standard output, where an answer of ours may be."""

import highspy


class Quiet(highspy.Highs):
    """A solver that says nothing; its greeting comes at the first call, before any option can be set."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS calls it while it is made
        """Be quiet first."""
        self.silent()
        super().enableCallbacks()
