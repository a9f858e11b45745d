"""promoengine: the promotion pricing engine that shop backends import.

from promoengine import Campaign, Cart, Engine

engine = Engine(Campaign.load("campaign.yaml"))
quote = engine.price(cart, at=moment)
"""

from promoengine.campaign import Campaign
from promoengine.cart import Cart, Customer, EnteredCode, LimitsLeft, Line, Shipment, ShippingOption
from promoengine.errors import (
    CampaignError,
    CartError,
    CartRefused,
    ChoiceError,
    Contradiction,
    Diagnostic,
    Place,
    PromoengineError,
)
from promoengine.pricing import Engine
from promoengine.quote import Quote

__all__ = [
    "Campaign",
    "CampaignError",
    "Cart",
    "CartError",
    "CartRefused",
    "ChoiceError",
    "Contradiction",
    "Customer",
    "Diagnostic",
    "Engine",
    "EnteredCode",
    "LimitsLeft",
    "Line",
    "Place",
    "PromoengineError",
    "Quote",
    "Shipment",
    "ShippingOption",
]
__version__ = "0.1.0"
