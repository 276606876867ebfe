-- On every day on which the cards, their rules or their floor change, each card has its rank, each above the lowest can be gained and
-- kept, and a floor lies below the card that earns it.

with

change_days as (

    {{ policy_change_days(['policy_card_tiers', 'policy_card_rules', 'policy_card_floors']) }}

),

wanted as (

    {%- for card_tier in card_tiers() %}
    select '{{ card_tier }}' as card_tier, {{ loop.index0 }} as card_rank
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

purposes as (

    select 'entry' as purpose

    union all

    select 'maintain' as purpose

),

rules as (

    select distinct
        change_days.change_day,
        policy.card_tier,
        policy.purpose

    from change_days
    inner join {{ ref('policy_card_rules') }} as policy
        on {{ in_force('policy', 'change_days.change_day') }}

)

select
    'policy_card_tiers.csv: on ' || {{ shown('change_days.change_day') }} || ' no row of ' || wanted.card_tier
    || ' is in force; each of {{ card_tiers() | join(", ") }} needs one.' as problem

from change_days
cross join wanted
left join {{ ref('policy_card_tiers') }} as policy
    on wanted.card_tier = policy.card_tier and {{ in_force('policy', 'change_days.change_day') }}

where policy.card_tier is null

union all

select
    {{ policy_row('policy_card_tiers', 'policy', ['card_tier']) }} || 'card_rank is ' || {{ shown('policy.card_rank') }}
    || ', not ' || {{ shown('wanted.card_rank') }} || '; the order is {{ card_tiers() | join(", ") }}.' as problem

from {{ ref('policy_card_tiers') }} as policy
inner join wanted
    on policy.card_tier = wanted.card_tier

where {{ of_scenario('policy') }} and coalesce(policy.card_rank <> wanted.card_rank, true)

union all

select
    'policy_card_rules.csv: on ' || {{ shown('change_days.change_day') }} || ' no ' || purposes.purpose || ' rule of '
    || wanted.card_tier || ' is in force; nobody could '
    || case purposes.purpose when 'entry' then 'gain' else 'keep' end || ' the card: add a row.' as problem

from change_days
cross join wanted
cross join purposes
left join rules
    on
        change_days.change_day = rules.change_day
        and wanted.card_tier = rules.card_tier
        and purposes.purpose = rules.purpose

where wanted.card_rank > 0 and rules.card_tier is null

union all

select
    {{ policy_row('policy_card_floors', 'policy', ['card_tier']) }} || 'floor_tier ' || policy.floor_tier
    || ' is above the card that earns it; a floor lies at or below it.' as problem

from {{ ref('policy_card_floors') }} as policy
inner join wanted as earned_by
    on policy.card_tier = earned_by.card_tier
inner join wanted as floor_of
    on policy.floor_tier = floor_of.card_tier

where {{ of_scenario('policy') }} and floor_of.card_rank > earned_by.card_rank
