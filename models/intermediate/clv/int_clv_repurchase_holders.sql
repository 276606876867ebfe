-- One row per knowledge date, graded customer and line bought again now and then that they hold: tenure, and the mean price paid.

with

holders as (

    select
        as_of_date,
        customer_key,
        lob,
        {{ days_between('max(purchase_date)', 'as_of_date') }} as tenure_days,
        {{ days_between('min(purchase_date)', 'as_of_date') }} as age_days,
        count(*) as purchase_count,
        coalesce(min(other_line_date) <= as_of_date, false) as holds_other_line

    from {{ ref('int_clv_repurchase_spells') }}

    group by as_of_date, customer_key, lob

),

priced as (

    select
        holders.*,
        coalesce(past.historic_revenue, 0) as historic_revenue,
        coalesce(past.historic_clv, 0) as historic_clv,
        bands.price_band,
        row_number() over (
            partition by holders.as_of_date, holders.customer_key, holders.lob
            order by
                case when bands.lower_bound * holders.purchase_count <= coalesce(past.historic_revenue, 0) then 0 else 1 end,
                case when bands.lower_bound * holders.purchase_count <= coalesce(past.historic_revenue, 0) then -1 else 1 end
                * bands.lower_bound
        ) as choice

    from holders
    left join {{ ref('int_clv_past') }} as past
        on holders.as_of_date = past.as_of_date and holders.customer_key = past.customer_key and holders.lob = past.lob
    inner join {{ ref('policy_clv_price_bands') }} as bands
        on {{ in_force('bands', 'holders.as_of_date') }}

)

select
    as_of_date,
    customer_key,
    lob,
    tenure_days,
    age_days,
    purchase_count,
    holds_other_line,
    price_band,
    historic_clv

from priced

where choice = 1
