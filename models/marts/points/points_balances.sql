-- One row per account: what it may spend at the as-of date, what is on its way, what expires next, and what it is worth.

with

entries as (

    select
        ledger.account_id,
        {%- for name, currency, types, sign in [
            ('lifetime_earned', 'redeemable', "('earn', 'bonus', 'reversal')", ''),
            ('lifetime_redeemed', 'redeemable', "('redeem', 'redeem_cancel')", '-'),
            ('lifetime_expired', 'redeemable', "('expire')", '-'),
            ('lifetime_forfeited', 'redeemable', "('forfeit')", '-'),
            ('lifetime_adjusted', 'redeemable', "('adjust', 'merge_in', 'merge_out')", ''),
        ] %}
        sum(
            case when ledger.currency = '{{ currency }}' and ledger.entry_type in {{ types }} then {{ sign }}ledger.points else 0 end
        ) as {{ name }},
        {%- endfor %}
        sum(case when ledger.currency = 'redeemable' and ledger.entry_on <= clock.as_of_date then ledger.points else 0 end) as balance,
        sum(case when ledger.currency = 'redeemable' and ledger.entry_on > clock.as_of_date then ledger.points else 0 end) as pending,
        sum(
            case
                when ledger.currency = 'qualifying' and ledger.event_date > {{ add_months('clock.as_of_date', -12) }} then ledger.points
                else 0
            end
        ) as qualifying_12m

    from {{ ref('points_ledger') }} as ledger
    cross join {{ ref('int_as_of_date') }} as clock

    group by ledger.account_id

),

lots as (

    select
        lots.*,
        min(expires_on) over (partition by account_id) as next_expiry_on

    from {{ ref('points_lots') }} as lots

),

expiring as (

    select
        account_id,
        next_expiry_on,
        sum(case when expires_on = next_expiry_on then remaining_points else 0 end) as next_expiry_points,
        sum(case when expires_on <= {{ add_days('as_of_date', 90) }} then remaining_points else 0 end) as expiring_90d

    from lots

    group by account_id, next_expiry_on

)

select
    clock.as_of_date,
    accounts.account_id,
    {%- for column in [
        'balance', 'pending', 'lifetime_earned', 'lifetime_redeemed', 'lifetime_expired', 'lifetime_forfeited', 'lifetime_adjusted',
        'qualifying_12m'
    ] %}
    cast(coalesce(entries.{{ column }}, 0) as bigint) as {{ column }},
    {%- endfor %}
    cast(greatest(0, coalesce(entries.balance, 0)) as bigint) as spendable,
    cast(greatest(0, -coalesce(entries.balance, 0)) as bigint) as debt,
    cast(coalesce(expiring.expiring_90d, 0) as bigint) as expiring_90d,
    cast(coalesce(expiring.next_expiry_points, 0) as bigint) as next_expiry_points,
    cast(
        cast(greatest(0, coalesce(entries.balance, 0)) as decimal(28, 0)) * program.value_per_point * (1 - program.breakage)
        as decimal(18, 2)
    ) as liability,
    accounts.member_since,
    expiring.next_expiry_on

from (select distinct account_id, member_since from {{ ref('int_accounts') }}) as accounts
cross join {{ ref('int_as_of_date') }} as clock
left join {{ ref('policy_points_program') }} as program
    on {{ in_force('program', 'clock.as_of_date') }}
left join entries
    on accounts.account_id = entries.account_id
left join expiring
    on accounts.account_id = expiring.account_id
