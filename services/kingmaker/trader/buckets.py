"""Decision buckets: fixed intervals of UTC as long as the longest holding time; one is one pair.

A bucket holds what was entered within it. It is over once the desk's market time has reached its
end, and becomes pairs once its last opportunity is resolved: in order, never one before an older.
"""

from collections.abc import Iterator, Sequence

from kingmaker.kernel.frozen import replace
from kingmaker.trader.policy import Policy
from kingmaker.trader.said import OpportunityResolved, Outcome, PairResolved, Side
from kingmaker.trader.state import Branch, State, Sums


def length_ms(policy: Policy, interval_ms: int) -> int:
    """Return the longest holding time: never above the age at which trades are left anyway."""
    return max(interval_ms, min(policy.max_holding * interval_ms, policy.max_age_ms))


def next_whole(bucket_ms: int, now_ms: int) -> int:
    """Return the first bucket of which nothing has been decided yet; 0 before all buckets."""
    return now_ms // bucket_ms + 1 if bucket_ms else 0


def pairs(state: State, now_ms: int) -> Iterator[PairResolved]:
    """Return the pairs of all buckets that are over and wait for nothing, in order."""
    if not state.sums:
        return
    waits_for = min((item.decided.bucket for item in state.open), default=None)
    for bucket in sorted(state.sums):
        over = (bucket + 1) * state.bucket_ms <= now_ms
        if not over or (waits_for is not None and bucket >= waits_for):
            return
        for trial, sums in sorted(state.sums[bucket].items()):
            yield _pair(state, state.branches[trial], bucket, sums, now_ms)


def add(state: State, resolved: OpportunityResolved) -> State:
    """Add what both sides of every branch returned; where neither traded there is nothing."""
    by_branch = {outcome.branch: outcome for outcome in resolved.outcomes}
    champion = resolved.outcomes[0]
    bucket = state.sums.get(resolved.bucket, {})
    for trial in (*[o.branch for o in resolved.outcomes[1:]], *resolved.same):
        branch = state.branches.get(trial)
        challenger = by_branch.get(trial, champion)
        traded = champion.taken or challenger.taken
        if branch is None or not traded or resolved.bucket <= branch.last_bucket:
            continue
        sums = bucket.get(trial, Sums(resolved.lineup))
        bucket = {
            **bucket,
            trial: Sums(
                resolved.lineup, _plus(sums.champion, champion), _plus(sums.challenger, challenger)
            ),
        }
    return replace(state, sums={**state.sums, resolved.bucket: bucket}) if bucket else state


def close(state: State, pair: PairResolved) -> State:
    """Forget a bucket's sums of one trial: they became a pair."""
    branch = state.branches[pair.trial]
    branch = replace(branch, pairs=pair.number, last_bucket=pair.bucket)
    sums = _without(state.sums, [pair.trial], pair.bucket)
    return replace(state, branches={**state.branches, pair.trial: branch}, sums=sums)


def forget(state: State, trials: Sequence[str]) -> State:
    """Drop branches and their pairs in progress."""
    if not trials:
        return state
    kept = {trial: branch for trial, branch in state.branches.items() if trial not in trials}
    return replace(state, branches=kept, sums=_without(state.sums, trials))


def _pair(state: State, branch: Branch, bucket: int, sums: Sums, now_ms: int) -> PairResolved:
    return PairResolved(
        branch.trial,
        branch.slot,
        bucket,
        branch.pairs + 1,
        sums.lineup,
        sums.champion,
        sums.challenger,
        counted=bucket >= max(branch.first_bucket, state.lineup_bucket),
        time_ms=now_ms,
        latencies=branch.latencies,
        frozen=branch.frozen,
    )


def _plus(side: Side, outcome: Outcome) -> Side:
    """Add in the order of the trader's lane: floats have no other."""
    if not outcome.taken:
        return side
    return Side(side.net + outcome.net, side.taken + 1, side.won + (outcome.net > 0.0))


def _without(
    sums: dict[int, dict[str, Sums]], trials: Sequence[str], bucket: int | None = None
) -> dict[int, dict[str, Sums]]:
    """Return the sums without those trials, in one bucket or in all."""
    left: dict[int, dict[str, Sums]] = {}
    for number, by_trial in sums.items():
        if bucket in (None, number):
            by_trial = {t: s for t, s in by_trial.items() if t not in trials}  # noqa: PLW2901 - the rest of it
        if by_trial:
            left[number] = by_trial
    return left
