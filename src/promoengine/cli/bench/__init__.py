"""What `promoengine bench` measures, and how it shows it."""
