-- One row per path and day on which something may happen to its card (`is_step`), and for the as-of date.

with

-- Where no card can come nothing happens after the first day.
prospects as (

    select paths.*

    from {{ ref('int_card_paths') }} as paths
    inner join {{ ref('int_card_prospects') }} as prospects
        on paths.path_key = prospects.path_key

),

first_changes as (

    select
        changes.path_key,
        min(changes.seen_on) as seen_on

    from {{ ref('int_card_change_days') }} as changes
    inner join prospects
        on changes.path_key = prospects.path_key

    group by changes.path_key

),

overrides as (

    select customers.path_key, customers.counts_from, overrides.*

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_tier_overrides_seen') }} as overrides
        on customers.customer_key = overrides.customer_key and overrides.axis = 'card'

),

policy_changes as (
    {%- for seed in ['policy_card_program', 'policy_card_tiers', 'policy_card_rules', 'policy_card_floors'] %}
    select policy.effective_from as change_day from {{ ref(seed) }} as policy

    where {{ of_scenario('policy') }}
    {%- if not loop.last %}

    union
    {% endif %}
    {%- endfor %}

),

prospective_days as (

    select path_key, seen_on as candidate_date from {{ ref('int_card_change_days') }}

    union

    select first_changes.path_key, month_ends.candidate_date

    from first_changes
    inner join {{ ref('int_card_month_ends') }} as month_ends
        on first_changes.seen_on < month_ends.month_end

    union

    select path_key, counts_from as candidate_date from {{ ref('int_card_path_customers') }}

    union

    select prospects.path_key, changes.change_day as candidate_date

    from prospects
    cross join policy_changes as changes
    {%- for day in ['seen_from', 'approved_on', 'valid_from', 'valid_to', 'revoked_on'] %}

    union

    select path_key, {{ day }} as candidate_date from overrides

    where {{ day }} >= counts_from
    {%- endfor %}

),

days as (

    select path_key, first_day as candidate_date from {{ ref('int_card_paths') }}

    union

    select days.path_key, days.candidate_date

    from prospective_days as days
    inner join prospects
        on days.path_key = prospects.path_key and days.candidate_date between prospects.first_day and prospects.last_day

)

select
    path_key,
    candidate_date,
    true as is_step

from days

union all

select
    paths.path_key,
    paths.last_day as candidate_date,
    false as is_step

from {{ ref('int_card_paths') }} as paths
left join days
    on paths.path_key = days.path_key and paths.last_day = days.candidate_date

where days.path_key is null
