-- One row per entry of the ledger that no sale makes: points events, expiry, forfeits and pairs. All are redeemable.

with

events as (

    select
        events.account_key,
        events.customer_key,
        case
            when events.event_type in ('redeem', 'redeem_cancel') then events.event_type
            when events.event_type = 'partner_earn' then 'earn'
            else 'adjust'
        end as entry_type,
        'points_events' as source_table,
        events.source_system,
        events.event_id as source_id,
        events.partner_id,
        case
            when events.event_type = 'redeem' or (events.event_type in ('adjust', 'transfer') and events.direction = 'debit')
                then -events.points
            else events.points
        end as points,
        events.posted_on,
        events.event_date,
        lots.expires_on,
        events.policy_version,
        steps.balance as balance_after

    from {{ ref('int_points_events_decided') }} as events
    inner join {{ ref('int_points_steps_balanced') }} as steps
        on
            steps.source_table = 'points_events'
            and events.source_system = steps.source_system
            and events.event_id = steps.source_id
    left join {{ ref('int_points_lots') }} as lots
        on
            lots.source_table = 'points_events'
            and events.source_system = lots.source_system
            and events.event_id = lots.source_id

    where events.event_status = 'accepted'

),

gone as (

    select
        steps.account_key,
        steps.account_key as customer_key,
        case when steps.step_type = 'forfeit' then 'forfeit' else 'expire' end as entry_type,
        steps.source_table,
        steps.source_system,
        steps.source_id,
        cast(null as {{ type_text() }}) as partner_id,
        -steps.expired_points as points,
        steps.entry_on as posted_on,
        steps.entry_on as event_date,
        cast(null as date) as expires_on,
        program.policy_version,
        steps.balance as balance_after

    from {{ ref('int_points_steps_balanced') }} as steps
    left join {{ ref('policy_points_program') }} as program
        on {{ in_force('program', 'steps.entry_on') }}

    where steps.expired_points > 0

),

merged as (

    {%- for side, key, sign in [('merge_out', 'from_key', -1), ('merge_in', 'to_key', 1)] %}
    select
        pairs.account_key,
        pairs.{{ key }} as customer_key,
        '{{ side }}' as entry_type,
        'customer_identity' as source_table,
        '' as source_system,
        keys.customer_id as source_id,
        cast(null as {{ type_text() }}) as partner_id,
        {{ sign }} * pairs.points as points,
        pairs.merged_on as posted_on,
        pairs.merged_on as event_date,
        cast(null as date) as expires_on,
        cast(null as integer) as policy_version,
        pairs.balance as balance_after

    from {{ ref('int_points_merges') }} as pairs
    inner join {{ ref('int_customers_keyed') }} as keys
        on pairs.from_key = keys.customer_key

    where pairs.points <> 0
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}

)

select * from events

union all

select * from gone

union all

select * from merged
