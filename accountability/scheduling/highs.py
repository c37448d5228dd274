"""A mixed-integer model, its rows gathered as lists, and HiGHS to solve it: the same model, the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

import highspy
import numpy as np

INFINITE = highspy.kHighsInf
SEED = 11


class Ended(Enum):
    PROVED = "proved"
    STOPPED = "stopped"  # with what was found by then, if anything
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Solution:
    ended: Ended
    values: tuple[float, ...] | None
    bound: float  # no solution costs more than this (costs are maximised)

    def has(self, variable: int) -> bool:
        assert self.values is not None
        return self.values[variable] > 0.5


class Model:
    """Variables are numbers from 0. The objective is given when it is solved, and is maximised."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self.starts: list[int] = [0]
        self.columns: list[int] = []
        self.factors: list[float] = []

    def add(self, lower: float = 0, upper: float = 1, *, whole: bool = True) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.lower) - 1

    def fix(self, variable: int, value: float) -> None:
        self.lower[variable] = self.upper[variable] = value

    def require(
        self, terms: Iterable[tuple[int, float]], lower: float = -INFINITE, upper: float = INFINITE
    ) -> None:
        for column, factor in terms:
            self.columns.append(column)
            self.factors.append(factor)
        self.starts.append(len(self.columns))
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def solve(
        self,
        costs: Mapping[int, float],
        *,
        seconds: float,
        start: Mapping[int, float] | None = None,
        nodes: int | None = None,
    ) -> Solution:
        """The greatest cost. Costs are whole numbers, so a gap below one is a proof."""
        if not self.lower:
            return self._solve_nothing()
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its own types leave this one out
        for option, value in (
            ("output_flag", False),
            # One thread and one seed: the answer must not depend on who was quicker
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", SEED),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.99),
            ("time_limit", max(seconds, 0.01)),
        ):
            solver.setOptionValue(option, value)
        if nodes is not None:
            solver.setOptionValue("mip_max_nodes", nodes)
        solver.passModel(self._make_lp(costs))
        if start:
            indexes = np.fromiter(start.keys(), dtype=np.int32)
            solver.setSolution(len(start), indexes, np.fromiter(start.values(), dtype=np.float64))
        solver.run()
        return self._read(solver)

    def _solve_nothing(self) -> Solution:
        """Without a variable HiGHS says neither yes nor no."""
        if any(lower > 0 for lower in self.row_lower) or any(upper < 0 for upper in self.row_upper):
            return Solution(Ended.IMPOSSIBLE, None, -INFINITE)
        return Solution(Ended.PROVED, (), 0)

    def _make_lp(self, costs: Mapping[int, float]) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_ = len(self.lower)
        lp.num_row_ = len(self.row_lower)
        lp.sense_ = highspy.ObjSense.kMaximize
        cost = np.zeros(len(self.lower))
        for variable, value in costs.items():
            cost[variable] = value
        lp.col_cost_ = cost
        lp.col_lower_ = np.array(self.lower, dtype=np.float64)
        lp.col_upper_ = np.array(self.upper, dtype=np.float64)
        lp.row_lower_ = np.array(self.row_lower, dtype=np.float64)
        lp.row_upper_ = np.array(self.row_upper, dtype=np.float64)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[one] for one in self.whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self.factors, dtype=np.float64)
        return lp

    def _read(self, solver: highspy.Highs) -> Solution:
        status = solver.getModelStatus()
        statuses = highspy.HighsModelStatus
        if status in {statuses.kInfeasible, statuses.kUnboundedOrInfeasible}:
            return Solution(Ended.IMPOSSIBLE, None, -INFINITE)
        info = solver.getInfo()
        solution = solver.getSolution()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = tuple(solution.col_value) if found and solution.value_valid else None
        if status in {statuses.kOptimal, statuses.kModelEmpty}:
            return Solution(Ended.PROVED, values, info.objective_function_value)
        return Solution(Ended.STOPPED, values, info.mip_dual_bound)
