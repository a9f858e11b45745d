"""The small worlds that generated campaigns and carts are drawn from.

Pools are small on purpose: two promotions that name the same sku, and two lines at the same price, are where
promotions meet. The first entry of a pool is the plainest, because examples shrink towards it.
"""

from __future__ import annotations

SKUS = ("A", "B", "C", "D")
CATEGORIES = ("snacks", "shoes", "books")
BRANDS = ("acme", "bolt")
SELLERS = ("panda", "koala", "lynx")
TAGS = ("new", "clearance")
ATTRIBUTES = {"colour": ("red", "blue"), "size": ("s", "xl")}
METHODS = ("standard", "express", "pickup")
SEGMENTS = ("plus", "student")
CUSTOMERS = ("C-1", "C-2")
CHANNELS = ("app", "web")
REGIONS = ("north", "south")
PAYMENT_METHODS = ("card", "wallet")
CODES = ("SAVE", "TEN", "vip-7")
POOLS = ("mail", "print")
GIFTS = ("MUG", "BAG", "PEN")
BEARERS = ("platform", "brand")

CURRENCIES = ("CNY", "JPY", "KWD")
TIMEZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York")

PRICES = (1000, 500, 2000, 100, 1500, 999, 333, 1001, 5000, 10000, 50, 7, 1, 0)
"""List prices, in minor units."""
AMOUNTS = (100, 500, 200, 1000, 50, 333, 99, 1, 2000)
"""Amounts off, and prices to come down to, in minor units."""
THRESHOLDS = (1000, 2000, 3000, 500, 5000, 10000, 1, 999, 2001)
"""What is to be spent, in minor units."""
COUNTS = (2, 1, 3, 4, 5)
PERCENTS = ("10", "50", "100", "20", "33.3", "12.5", "5", "0.5", "66.67", "99")
TAX_RATES = ("10", "0", "8.25", "19")

WALL_TIMES = (
    "2026-11-11T00:00",
    "2026-11-10T20:00",
    "2026-11-11T12:30",
    "2026-03-29T02:30",  # does not exist in Berlin
    "2026-10-25T02:30",  # happens twice in Berlin
    "2026-11-01T01:30",  # happens twice in New York
    "2026-03-08T02:15",  # does not exist in New York
)
"""Wall-clock times of schedules, ascending or not: whoever needs order sorts them."""
HOURS = ("00:00", "09:00", "20:00", "02:30", "23:30")
