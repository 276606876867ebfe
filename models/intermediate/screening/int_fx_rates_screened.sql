-- One row per landed exchange rate line: its fate (accepted, rejected or duplicate) with the rule.

with

fx_rates as (

    select
        stg_fx_rates.*,
        row_number() over (
            partition by stg_fx_rates.currency, stg_fx_rates.rate_date, stg_fx_rates.row_hash
            order by stg_fx_rates._file, stg_fx_rates._line
        ) as copy_number,
        min(stg_fx_rates.row_hash) over (partition by stg_fx_rates.currency, stg_fx_rates.rate_date)
        <> max(stg_fx_rates.row_hash) over (partition by stg_fx_rates.currency, stg_fx_rates.rate_date) as is_conflict

    from {{ ref('stg_raw__fx_rates') }} as stg_fx_rates

),

judged as (

    select
        fx_rates.*,
        {{ first_broken_rule({
            'currency_unknown': 'currency is null or not ' ~ matches('currency', '^[A-Z]{3}$'),
            'rate_date_unparsable': 'rate_date is null',
            'rate_invalid': 'rate_to_reporting is null or rate_to_reporting <= 0 or rate_to_reporting >= 100000',
        }) }} as rejected_by

    from fx_rates

)

select
    _file,
    _line,
    currency,
    rate_date,
    rate_to_reporting,
    recorded_at,
    case
        when currency is not null and rate_date is not null and copy_number > 1 then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'rate_conflict': 'is_conflict and copy_number = 1',
        'value_unreadable': any_unreadable(['recorded_at']),
    }) }} as noted_rules

from judged
