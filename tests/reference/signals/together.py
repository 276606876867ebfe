"""All signals of one review, in the order in which they need each other, as the rows of their marts."""

from tests.reference import experts
from tests.reference.signals import (
    cohorts,
    energy,
    engagement,
    feedback,
    intent,
    lifecycle,
    loyalty,
    preferences,
    referrals,
    satisfaction,
    satisfaction_segments,
    usage,
)
from tests.reference.signals.facts import interactions_at
from tests.reference.signals.world import Rows, World

COMPONENTS = {
    "loyalty": ("customer_loyalty_history", "loyalty_score"),
    "satisfaction": ("customer_satisfaction_history", "sat_score"),
    "feedback": ("customer_feedback_history", "fb_score"),
    "engagement": ("customer_engagement_history", "engagement_score"),
}
"""Per component of the tier: the mart and the column of its score."""


def histories_at(world: World, start: World | None) -> dict[str, Rows]:
    """The rows of every mart with all reviews, at d; `start` is the world from which the backtest of d starts."""
    interactions = interactions_at(world)
    judged = referrals.judged_referrals(world, interactions)
    satisfied, stages = satisfaction.rows(world), lifecycle.rows(world, interactions)
    loyal = loyalty.rows(world, satisfied, stages, judged)
    levels = None if start is None else intent.levels(intent.rows(start, None, None))
    return {
        "customer_satisfaction_history": satisfied,
        "customer_feedback_history": feedback.rows(world),
        "customer_lifecycle_history": stages,
        "customer_loyalty_history": loyal,
        "loyalty_cohorts": cohorts.rows(world, loyal),
        "customer_engagement_history": engagement.rows(world),
        "customer_intent_history": intent.rows(world, levels, None if start is None else start.d),
        "customer_preferences_history": preferences.rows(world, interactions),
        "customer_usage_history": usage.rows(world, usage.weighted_answers(world)),
        "customer_energy_history": energy.rows(world),
        "customer_expert_scores_history": experts.rows(world),
    }


def segments_at(world: World, found: dict[str, Rows], tiers: dict[str, str | None]) -> Rows:
    """The segment figures at d, by the tiers of d."""
    return satisfaction_segments.rows(world, found["customer_satisfaction_history"], tiers)


def details_at(world: World, tiers: dict[str, str | None]) -> dict[str, Rows]:
    """The rows of the marts that show the as-of date only; `tiers` are those of that date."""
    judged = referrals.judged_referrals(world, interactions_at(world))
    return {
        "survey_responses": satisfaction.survey_responses(world),
        "feedback_cases": feedback.feedback_cases(world),
        "voice_of_customer": feedback.voice_of_customer(world, tiers),
        "referrals": referrals.rows(world, judged),
    }
