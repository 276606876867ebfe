-- One row per customer, line, contract and day on which it may become firm: how much was paid by then, in the contract's currency.

with

payments as (

    select
        customer_key,
        lob,
        contract_id,
        source_system,
        txn_id,
        amount,
        known_on

    from {{ ref('int_transactions_valued') }}

    where
        fate = 'accepted'
        and txn_role = 'sale'
        and contract_id is not null
        and not is_hidden
        and lob in (select rates.lob from {{ ref('policy_points_rates') }} as rates where rates.basis = 'firm')

),

milestones as (

    select contract_id, known_from as changed_on from {{ ref('int_firm_contract_versions') }}

    union

    select contract_id, greatest(known_from, handover_date) as changed_on from {{ ref('int_firm_contract_versions') }}

    where handover_date is not null

    union

    select versions.contract_id, greatest(versions.known_from, parameters.effective_from) as changed_on

    from {{ ref('int_firm_contract_versions') }} as versions
    cross join {{ ref('policy_parameters') }} as parameters

    where parameters.parameter = 'sale_firm_paid_share'

),

changes as (

    select customer_key, lob, contract_id, known_on as changed_on, amount from payments

    union all

    select
        payments.customer_key,
        payments.lob,
        payments.contract_id,
        reversals.known_on as changed_on,
        -reversals.applied_amount as amount

    from payments
    inner join {{ ref('int_reversals_applied') }} as reversals
        on payments.source_system = reversals.sale_source_system and payments.txn_id = reversals.sale_txn_id

    where not reversals.is_hidden

    union all

    select
        payers.customer_key,
        payers.lob,
        payers.contract_id,
        milestones.changed_on,
        0 as amount

    from (select distinct customer_key, lob, contract_id from payments) as payers
    inner join milestones
        on payers.contract_id = milestones.contract_id

),

days as (

    select
        customer_key,
        lob,
        contract_id,
        changed_on,
        sum(amount) as amount

    from changes

    group by customer_key, lob, contract_id, changed_on

)

select
    customer_key,
    lob,
    contract_id,
    changed_on,
    sum(amount) over (partition by customer_key, lob, contract_id order by changed_on) as paid_amount

from days
