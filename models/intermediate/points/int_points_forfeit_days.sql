-- One row per account and day at the end of which nothing may be left: it is closed, or a lot came while it was.

select
    closures.account_key,
    closures.closed_on as forfeited_on

from {{ ref('int_account_closures') }} as closures

union

select
    lots.account_key,
    lots.available_on as forfeited_on

from {{ ref('int_points_lots') }} as lots
inner join {{ ref('int_account_closures') }} as closures
    on
        lots.account_key = closures.account_key
        and lots.available_on > closures.closed_on
        and (closures.reopened_on is null or lots.available_on < closures.reopened_on)
cross join {{ ref('int_as_of_date') }} as clock

where lots.available_on <= clock.as_of_date
