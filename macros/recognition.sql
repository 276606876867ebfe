{# Contributions and the days of their spread that lie in a window: per window, customer, line and length of the spread the products
   of both, added up. `days` is int_customer_line_days; `windows` has as_of_date, window_number, first_day and last_day; `where`, on both,
   leaves contributions out. divisor 1: wholly inside the window, nothing to divide. #}
{% macro recognised_lengths(days, windows, where='true') -%}
    {%- set recognition_days = days_between('days.value_date', 'days.recognised_until') -%}
    {%- set overlap_days = days_between(
        'greatest(days.value_date, windows.first_day)', 'least(days.recognised_until, ' ~ add_days('windows.last_day', 1) ~ ')'
    ) -%}
    select
        spread_days.as_of_date,
        spread_days.window_number,
        spread_days.customer_key,
        spread_days.lob,
        case when spread_days.overlap_days = spread_days.recognition_days then 1 else spread_days.recognition_days end as divisor,
        sum(
            spread_days.contribution_amount
            * case when spread_days.overlap_days = spread_days.recognition_days then 1 else spread_days.overlap_days end
        ) as weighted_amount,
        sum(case when spread_days.value_date >= spread_days.first_day then spread_days.net_amount else 0 end) as spend_amount
    from (
        select
            windows.as_of_date,
            windows.window_number,
            windows.first_day,
            days.customer_key,
            days.lob,
            days.net_amount,
            days.contribution_amount,
            days.value_date,
            {{ recognition_days }} as recognition_days,
            {{ overlap_days }} as overlap_days
        from {{ days }} as days
        inner join {{ windows }} as windows
            on
                days.seen_from <= windows.as_of_date
                and days.recognised_until > windows.first_day
                and days.value_date <= windows.last_day
        where {{ where }}
    ) as spread_days
    group by
        spread_days.as_of_date,
        spread_days.window_number,
        spread_days.customer_key,
        spread_days.lob,
        case when spread_days.overlap_days = spread_days.recognition_days then 1 else spread_days.recognition_days end
{%- endmacro %}

{# The recognised contribution of rows of recognised_lengths, to 4 decimals: each length is rounded for itself. #}
{% macro recognised_amount() -%}
    cast(
        sum(
            case
                when divisor = 1 then cast(weighted_amount as decimal(18, 4))
                else {{ ratio('weighted_amount', 'divisor', 4, decimals=2) }}
            end
        ) as decimal(18, 4)
    )
{%- endmacro %}
