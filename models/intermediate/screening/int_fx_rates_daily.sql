-- One row per currency and day: the last rate on or before the day that is not too old (fx_max_stale_days).
{% set longest_gap = 60 %}

with

latest_versions as (

    select
        currency,
        rate_date,
        rate_to_reporting,
        row_number() over (
            partition by currency, rate_date
            order by recorded_at desc nulls last, _file desc, _line desc
        ) as version_rank

    from {{ ref('int_fx_rates_screened') }}

    where fate = 'accepted'

),

ages as (

    {%- for age in range(longest_gap + 1) %}
    select {{ age }} as age_days
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

usable as (

    select
        latest_versions.currency,
        {{ add_days('latest_versions.rate_date', 'ages.age_days') }} as usable_on,
        latest_versions.rate_to_reporting,
        ages.age_days

    from latest_versions
    cross join ages

    where latest_versions.version_rank = 1

),

freshest as (

    select
        usable.currency,
        usable.usable_on,
        usable.rate_to_reporting,
        row_number() over (partition by usable.currency, usable.usable_on order by usable.age_days) as age_rank

    from usable
    inner join {{ ref('policy_parameters') }} as parameters
        on
            parameters.parameter = 'fx_max_stale_days'
            and usable.age_days <= parameters.value
            and {{ in_force('parameters', 'usable.usable_on') }}

)

select
    currency,
    usable_on as rate_date,
    rate_to_reporting

from freshest

where age_rank = 1
