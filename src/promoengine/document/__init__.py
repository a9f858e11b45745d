"""The campaign document: what people write, as pydantic models. Nothing here prices anything."""

from promoengine.document.campaign import (
    CampaignDocument,
    FloorRule,
    GroupRule,
    SharedLimitRule,
    StageRule,
    TaxRule,
)
from promoengine.document.promotion import CodesRule, FundingRule, PromotionDocument, Tier
from promoengine.document.schedule import Period, WeeklyPeriod

__all__ = [
    "CampaignDocument",
    "CodesRule",
    "FloorRule",
    "FundingRule",
    "GroupRule",
    "Period",
    "PromotionDocument",
    "SharedLimitRule",
    "StageRule",
    "TaxRule",
    "Tier",
    "WeeklyPeriod",
]
