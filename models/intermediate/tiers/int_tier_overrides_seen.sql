-- One row per accepted version of an override: what it asks for, and the dates that go by it (from seen_from until before seen_until).
-- It rests on no review date: how far back reviews are graded depends on it.

with

overrides as (

    select
        screened.*,
        -- One without a time of recording is known from the beginning.
        greatest(coalesce({{ business_date('screened.recorded_at') }}, date '1990-01-01'), date '1990-01-01') as seen_from

    from {{ ref('int_tier_overrides_screened') }} as screened

    where screened.fate = 'accepted' and not coalesce({{ is_hidden_by_cutoff('screened.recorded_at') }}, false)

),

versions as (

    select
        overrides.*,
        {{ replaced_from(['source_system', 'override_id']) }} as seen_until

    from overrides

)

select
    source_system,
    override_id,
    customer_key,
    axis,
    kind,
    tier,
    reason_code,
    requested_by,
    approved_by,
    reason_text_length,
    valid_from,
    valid_to,
    seen_from,
    seen_until,
    {{ business_date('approved_at') }} as approved_on,
    {{ business_date('revoked_at') }} as revoked_on,
    approved_at,
    recorded_at

from versions

where seen_until is null or seen_from < seen_until
