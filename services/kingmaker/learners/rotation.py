"""What a scheduled retrain must show, in absolute figures, on trades that it never saw."""

from collections.abc import Mapping

from kingmaker.learners.policy import Policy

BACKTEST = "backtest"  # the parameter that asks a training for these figures
DAYS = "days_max"  # the parameter that says how far back it learns from
DAYS_MAX = 730

# Measured by `backtest.py` on the purged hold-out, net of costs.
SHARPE, SHARPE_NOW = "backtest_sharpe", "backtest_sharpe_current"  # a year
PROFIT_FACTOR = "backtest_profit_factor"  # gains over losses
DRAWDOWN = "backtest_drawdown"  # the deepest, as a fraction
TRADES = "backtest_trades"
# These trade nothing by themselves: what they answer changes trades through other models only.
NEVER_TRADING = frozenset({"regime_detector", "slippage_latency"})
FIGURES = (SHARPE, SHARPE_NOW, PROFIT_FACTOR, DRAWDOWN, TRADES)


def parameters() -> dict[str, float]:
    """Return what a training is told that will be judged here."""
    return {BACKTEST: 1.0, DAYS: float(DAYS_MAX)}


def can_judge(component: str) -> bool:
    """Tell whether a model of this component can be held to the criteria at all."""
    return component not in NEVER_TRADING


def why_not(metrics: Mapping[str, float], policy: Policy) -> str:
    """Return every criterion that a retrained model misses; "" if it may be a candidate."""
    missing = [name for name in FIGURES if name not in metrics]
    if missing:
        return f"not measured: {', '.join(missing)}"
    now = metrics[SHARPE_NOW]
    faults = (
        _above("annual Sharpe", metrics[SHARPE], policy.rotation_sharpe),
        _above("profit factor", metrics[PROFIT_FACTOR], policy.rotation_profit_factor),
        _below("drawdown", metrics[DRAWDOWN], policy.rotation_drawdown),
        _at_least("trades", metrics[TRADES], policy.rotation_trades),
        _above("annual Sharpe", metrics[SHARPE], now, " of the current model")
        if policy.rotation_outperform
        else "",
    )
    return "; ".join(filter(None, faults))


def _above(what: str, value: float, bound: float, whose: str = "") -> str:
    return "" if value > bound else f"{what} {value:.3g}, needs over {bound:.3g}{whose}"


def _below(what: str, value: float, bound: float) -> str:
    return "" if value < bound else f"{what} {value:.3g}, needs under {bound:.3g}"


def _at_least(what: str, value: float, bound: float) -> str:
    return "" if value >= bound else f"{what} {value:.0f}, needs {bound:.0f}"
