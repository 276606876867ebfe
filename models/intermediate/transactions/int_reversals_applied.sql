-- One row per refund that takes back a sale: how much of it could be applied, and by how much it changes the sale's value.
-- Refunds are taken in the order they became known, so what a review sees never depends on a refund that came later.

with

matched as (

    select * from {{ ref('int_reversals_matched') }}

    where match_kind in ('named', 'by_amount')

),

ordered as (

    select
        matched.*,
        sum(amount_in_sale_currency) over (
            partition by sale_source_system, sale_txn_id
            order by known_on, event_at, txn_id, source_system
            rows between unbounded preceding and current row
        ) as reversed_amount

    from matched

),

netted as (

    select
        ordered.*,
        greatest(sale_amount - (reversed_amount - amount_in_sale_currency), 0) as net_before,
        greatest(sale_amount - reversed_amount, 0) as net_after

    from ordered

),

valued as (

    select
        netted.*,
        {{ money_product('net_before', 'sale_fx_rate') }} as reporting_before,
        {{ money_product('net_after', 'sale_fx_rate') }} as reporting_after

    from netted

)

select
    _file,
    _line,
    source_system,
    txn_id,
    customer_key,
    sale_source_system,
    sale_txn_id,
    sale_lob as lob,
    sale_category as category,
    net_before - net_after as applied_amount,
    amount_in_sale_currency - (net_before - net_after) as unapplied_amount,
    cast(reporting_after - reporting_before as decimal(18, 2)) as net_amount,
    cast(
        {{ money_product('reporting_after', 'sale_margin_rate') }} - {{ money_product('reporting_before', 'sale_margin_rate') }}
        as decimal(18, 2)
    ) as contribution_amount,
    case when reporting_before > 0 and reporting_after = 0 then -sale_quantity else 0 end as quantity,
    sale_event_date as value_date,
    greatest(known_on, sale_known_on) as known_on,
    reporting_before > 0 and reporting_after = 0 as is_sale_undone,
    is_hidden or is_sale_hidden as is_hidden

from valued
