-- One row per knowledge date, line and kind of cell: all that the spend model needs to know about customers with repeat purchases.
-- Kind `spend`: one customer's repeat purchases x and their contribution z > 0. Kind `count`: how many of these have x.

select
    as_of_date,
    lob,
    'spend' as kind,
    repeat_purchases as x,
    cast(repeat_contribution as {{ type_double() }}) as z,
    1 as customers

from {{ ref('int_clv_purchases') }}

where repeat_purchases > 0 and repeat_contribution > 0

union all

select
    as_of_date,
    lob,
    'count' as kind,
    repeat_purchases as x,
    null as z,
    count(*) as customers

from {{ ref('int_clv_purchases') }}

where repeat_purchases > 0 and repeat_contribution > 0

group by as_of_date, lob, repeat_purchases
