-- One row per sale of an account that may earn points: its rate, and the day from which on it would be posted (null: not yet, or never).

with

sales as (

    select
        transactions.source_system,
        transactions.txn_id,
        transactions.customer_key,
        accounts.account_key,
        accounts.opened_on,
        transactions.lob,
        transactions.category,
        transactions.contract_id,
        transactions.partner_id,
        transactions.reporting_amount,
        transactions.event_at,
        transactions.event_date,
        transactions.known_on,
        transactions.paid_on

    from {{ ref('int_transactions_valued') }} as transactions
    inner join {{ ref('int_accounts') }} as accounts
        on transactions.customer_key = accounts.customer_key
    inner join {{ ref('policy_points_program') }} as program
        on {{ in_force('program', 'transactions.event_date') }}
    left join {{ ref('int_products_current') }} as products
        on transactions.product_id = products.product_id

    where
        transactions.fate = 'accepted'
        and transactions.txn_role = 'sale'
        and not transactions.is_hidden
        and transactions.event_date >= {{ add_days('accounts.member_since', '-program.backfill_days') }}
        and coalesce(products.is_points_eligible, true)

),

rated as (

    select
        sales.*,
        coalesce(own_rates.policy_version, line_rates.policy_version) as policy_version,
        {%- for column in [
            'basis', 'points_per_unit', 'qualifying_per_unit', 'pending_days', 'sale_cap', 'day_cap', 'qualifying_sale_cap', 'bonus_points'
        ] %}
        case when own_rates.lob is null then line_rates.{{ column }} else own_rates.{{ column }} end as {{ column }},
        {%- endfor %}
        coalesce(own_rates.lob, line_rates.lob) is not null as is_rated

    from sales
    left join {{ ref('policy_points_rates') }} as own_rates
        on sales.lob = own_rates.lob and sales.category = own_rates.category and {{ in_force('own_rates', 'sales.event_date') }}
    left join {{ ref('policy_points_rates') }} as line_rates
        on sales.lob = line_rates.lob and line_rates.category = '*' and {{ in_force('line_rates', 'sales.event_date') }}

)

select
    rated.*,
    case
        when rated.basis = 'event' then rated.known_on
        when rated.basis = 'paid' and rated.paid_on is not null then greatest(rated.known_on, rated.paid_on)
        -- Nothing was known of a contract: the sale is taken to be firm.
        when rated.basis = 'firm' and (contracts.known_from is null or contracts.known_from > rated.known_on) then rated.known_on
        when rated.basis = 'firm' and contracts.firm_on is not null then greatest(rated.known_on, contracts.firm_on)
    end as due_on

from rated
left join {{ ref('int_firm_contracts') }} as contracts
    on rated.customer_key = contracts.customer_key and rated.lob = contracts.lob and rated.contract_id = contracts.contract_id

where rated.is_rated
