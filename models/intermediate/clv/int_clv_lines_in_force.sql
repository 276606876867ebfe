-- One row per knowledge date and line of business: by which method its value is predicted.
{{ config(materialized='view') }}

select
    as_of_date,
    lob,
    purchase_model,
    case
        when purchase_model <> 'none' then 'repeat'
        when is_contractual then 'contract'
        else 'repurchase'
    end as prediction

from {{ ref('int_lobs_in_force') }}
