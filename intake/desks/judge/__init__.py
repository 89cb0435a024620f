"""Judging a case: what surrounds it, the verdict, its records, the answer.

`desk` holds the turns and the order of the steps, the modules beside it one step each.
"""

from intake.desks.judge.desk import JudgeDesk

__all__ = ["JudgeDesk"]
