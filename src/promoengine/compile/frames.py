"""What the whole campaign says, in one currency: the frame in which promotions are lowered."""

from __future__ import annotations

from dataclasses import replace

from promoengine import plan
from promoengine.document import CampaignDocument, StageRule
from promoengine.errors import Diagnostic, Place
from promoengine.kinds.lowering import Frame, Lowering, NoFigure
from promoengine.money import UnknownCurrency, exponent

COVERS_BY_NAME = {"shipping": "shipping", "payment": "both"}


def frame_for(
    document: CampaignDocument, ids: frozenset[str], currency: str, diagnostics: list[Diagnostic]
) -> Frame | None:
    """The frame of a currency; None, with a diagnostic, where ISO 4217 does not list it. `ids` are the promotions'."""
    try:
        digits = exponent(currency)
    except UnknownCurrency:
        field = "currency" if currency == document.currency else "other_currencies"
        diagnostics.append(Diagnostic("unknown_currency", f"ISO 4217 lists no {currency}", Place((field,))))
        return None
    stages = tuple(lowered_stage(stage) for stage in document.stages)
    frame = Frame(
        home_currency=document.currency,
        currency=currency,
        exponent=digits,
        stages=stages,
        stage_index={stage.name: index for index, stage in reversed(list(enumerate(stages)))},
        facts=dict(document.facts),
        group_names=frozenset(group.name for group in document.groups),
        promotion_ids=ids,
        shared_names=frozenset(limit.name for limit in document.shared_limits),
        shared_stocks=frozenset(limit.name for limit in document.shared_limits if limit.stock is not None),
        rounding_mode=document.rounding.mode,
        step_minor=1,
        has_floors=bool(document.floors),
        diagnostics=diagnostics,
    )
    return _with_step(frame, document)


def _with_step(frame: Frame, document: CampaignDocument) -> Frame:
    """The frame with the campaign's price step, where it states one for this currency."""
    if document.rounding.step is None:
        return frame
    try:
        step = Lowering(frame, ("rounding",)).minor(document.rounding.step, "step")
    except NoFigure:
        lowering = Lowering(frame, ("rounding",))
        lowering.report("step_without_figure", f"this step states no amount in {frame.currency}", "step")
        return frame
    return replace(frame, step_minor=step)


def lowered_stage(stage: StageRule) -> plan.Stage:
    """A stage's name decides what it covers, unless it says."""
    covers = stage.covers or COVERS_BY_NAME.get(stage.name, "goods")
    return plan.Stage(
        stage.name, goods=covers != "shipping", shipping=covers != "goods", stacks=stage.stacking == "all"
    )
