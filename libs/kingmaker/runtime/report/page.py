"""Puts the page together: one file, no script, nothing fetched."""

from collections.abc import Iterable

from kingmaker.runtime.audit import Report
from kingmaker.runtime.report import proofs, sections
from kingmaker.runtime.report.collect import Collected
from kingmaker.runtime.report.markup import Markup, element
from kingmaker.runtime.report.words import headline

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # the page may fetch and run nothing

STYLE = """
:root { color-scheme: light dark; --ink: #1c1b22; --soft: #625f6b; --paper: #fff; --line: #dddbe2;
  --panel: #f6f5f8; --good: #1a7f4b; --bad: #b3261e; --evidence: #5b3fd6; --mean: #c77d0a;
  --sharpe: #0a8aa3; --level: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #ecebf1; --soft: #a5a2b0; --paper: #16151b;
  --line: #37353f; --panel: #1f1e26; --good: #5fd394; --bad: #ff8a80; --evidence: #a891ff;
  --mean: #f0b252; --sharpe: #5cc8dd; --level: #ff8a80 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; color: var(--ink);
  background: var(--paper); font: 16px/1.5 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; overflow-wrap: anywhere }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem }
h3 { margin: 1rem 0 .25rem; font-size: 1rem }
p { margin: .4rem 0; overflow-wrap: anywhere }
.over, .note, figcaption { color: var(--soft); font-size: .9rem }
blockquote { margin: 1rem 0; padding: .5rem 1rem; border-left: 4px solid var(--evidence);
  background: var(--panel) }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums }
th { font-weight: 600 }
td { overflow-wrap: anywhere }
.facts th { width: 18rem; color: var(--soft); font-weight: 400 }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere }
.pass { color: var(--good) } .fail { color: var(--bad); font-weight: 600 }
figure { margin: 0 } svg { width: 100%; height: auto; display: block }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif }
svg .end { text-anchor: end } svg .middle { text-anchor: middle }
svg polyline { fill: none; stroke-width: 1.3; opacity: .8 }
svg polyline.evidence { stroke: var(--evidence); stroke-width: 2.4; opacity: 1 }
svg polyline.mean { stroke: var(--mean) } svg polyline.sharpe { stroke: var(--sharpe) }
svg .grid { stroke: var(--line); stroke-width: 1 }
svg .mark { stroke: var(--soft); stroke-dasharray: 2 4 }
svg .level { stroke: var(--level); stroke-width: 1.6; stroke-dasharray: 7 5 }
.key { margin-right: 1.2rem; white-space: nowrap }
.key::before { content: ""; display: inline-block; width: 1.4rem; height: 0; margin-right: .4rem;
  border-top: 3px solid; vertical-align: middle }
.key.evidence::before { color: var(--evidence) } .key.mean::before { color: var(--mean) }
.key.sharpe::before { color: var(--sharpe) }
.key.level::before { color: var(--level); border-top-style: dashed }
@media print { body { max-width: none; padding: 0; font-size: 11px }
  section, figure, tr { break-inside: avoid } .wide { overflow: visible } }
"""


GENERATOR = '<meta name="generator" content="kingmaker audit report">'
OPENING = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{GENERATOR}'  # of a page


def page(found: Collected, report: Report) -> str:
    """Return the whole file."""
    title = f"{found.audited.name}: {headline(found.audited)}"
    parts = (
        sections.head(found),
        sections.evidence(found),
        sections.gates(found),
        sections.budget(found),
        sections.segments(found),
        sections.rule(found),
        sections.sides(found),
        proofs.canary(found),
        proofs.recomputed(found, report),
        proofs.chain(found),
        proofs.artifacts(found),
        proofs.policy(found),
        proofs.commands(found),
        proofs.record(found),
    )
    return document(title, GENERATOR, STYLE, parts)


def document(title: str, generator: str, style: str, parts: Iterable[Markup]) -> str:
    """Return a page that stands by itself: it loads nothing, and runs nothing."""
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(generator),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        element("title", title),
        element("style", Markup(style)),
    )
    body = element("body", *parts)
    return f"<!doctype html>\n{element('html', head, body, lang='en').html}\n"
