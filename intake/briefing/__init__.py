"""What a digest is about, gathered from the records: cases, what needs a person, who has sent, health."""

from intake.briefing.gathering import Briefings

__all__ = ["Briefings"]
