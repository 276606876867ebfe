{# The tiers an override may name, by axis; potential can be set, but neither floor nor ceiling. #}
{% macro is_tier_of_axis(axis, kind, tier) -%}
    case
        when {{ axis }} = 'card' then {{ tier }} in ('regular', 'silver', 'gold', 'platinum', 'diamond')
        else {{ tier }} in ('high', 'medium', 'low') or ({{ kind }} = 'set' and {{ tier }} = 'potential')
    end
{%- endmacro %}

{# The level of a value tier that has one. #}
{% macro tier_level(tier) -%}
    case {{ tier }} when 'high' then 2 when 'medium' then 1 when 'low' then 0 end
{%- endmacro %}

{# A staff code as it may be shown to everybody: up to four letters, then digits. Anything else may be a name or a phone number. #}
{% macro shown_code(code) -%}
    case when {{ matches(code, '^[A-Za-z]{1,4}[_-]?[0-9]{1,8}$') }} then {{ code }} when {{ code }} is not null then 'withheld' end
{%- endmacro %}

{# What keeps each override known on a date from being in force then, whoever the customer is; null where it is. `dates`: the CTE
   before, with as_of_date and what the condition on `overrides` asks for. #}
{% macro overrides_checked(dates, condition='true') -%}
known as (

    select
        {{ dates }}.as_of_date,
        overrides.*,
        reasons.max_days,
        policy.min_text_length

    from {{ dates }}
    inner join {{ ref('int_tier_overrides_seen') }} as overrides
        on
            overrides.seen_from <= {{ dates }}.as_of_date
            and (overrides.seen_until is null or {{ dates }}.as_of_date < overrides.seen_until)
            and {{ condition }}
    inner join {{ ref('policy_overrides') }} as policy
        on {{ in_force('policy', dates ~ '.as_of_date') }}
    left join {{ ref('policy_override_reasons') }} as reasons
        on overrides.reason_code = reasons.reason_code and {{ in_force('reasons', dates ~ '.as_of_date') }}

),

allowed as (

    select distinct
        known.as_of_date,
        known.source_system,
        known.override_id

    from known
    inner join {{ ref('policy_approvers') }} as approvers
        on
            known.axis = approvers.axis
            and (approvers.approver = '*' or lower(trim(approvers.approver)) = lower(known.approved_by))
            and (approvers.tier in ('*', known.tier) or known.kind = 'freeze')
            and {{ in_force('approvers', 'known.as_of_date') }}

)

select
    known.as_of_date,
    known.source_system,
    known.override_id,
    known.customer_key,
    known.axis,
    known.kind,
    case when coalesce(known.kind, 'none') <> 'freeze' then known.tier end as tier,
    case when known.max_days is not null then known.reason_code end as reason_code,
    known.requested_by,
    known.approved_by,
    case
        when known.axis is null then 'unknown_axis'
        when known.kind is null then 'unknown_kind'
        when
            known.kind <> 'freeze' and not coalesce({{ is_tier_of_axis('known.axis', 'known.kind', 'known.tier') }}, false)
            then 'unknown_tier'
        when known.max_days is null then 'unknown_reason'
        when known.reason_text_length < known.min_text_length then 'reason_text_short'
        when known.approved_by is null or known.approved_on is null or known.approved_on > known.as_of_date then 'not_approved'
        when known.requested_by is null or lower(known.requested_by) = lower(known.approved_by) then 'approved_by_requester'
        when allowed.override_id is null then 'approver_not_allowed'
        when known.valid_to <= known.valid_from then 'period_empty'
        when {{ days_between('known.valid_from', 'known.valid_to') }} > known.max_days then 'too_long'
        when known.revoked_on <= known.as_of_date then 'revoked'
        when known.as_of_date < known.valid_from then 'pending'
        when known.valid_to <= known.as_of_date then 'expired'
    end as obstacle,
    known.valid_from,
    known.valid_to,
    known.approved_on,
    known.revoked_on,
    known.approved_at

from known
left join allowed
    on
        known.as_of_date = allowed.as_of_date
        and known.source_system = allowed.source_system
        and known.override_id = allowed.override_id
{%- endmacro %}

{# Which of several overrides in force goes first. #}
{% macro override_precedence() -%}
    case kind when 'set' then 1 when 'freeze' then 2 else 3 end, approved_at desc, override_id desc, source_system desc
{%- endmacro %}

{# The rank of the card shown under an override, if any. #}
{% macro overridden_rank(computed_rank, kind, override_rank) -%}
    case
        when {{ kind }} = 'floor' then greatest({{ computed_rank }}, {{ override_rank }})
        when {{ kind }} = 'ceiling' then least({{ computed_rank }}, {{ override_rank }})
        else coalesce({{ override_rank }}, {{ computed_rank }})
    end
{%- endmacro %}
