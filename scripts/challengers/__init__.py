"""Challengers: clusters and factors beside the tiers, as proposals. They grade nobody."""
