-- One row per request to freeze a tier that could count: when it begins and ends. None until requests are read.

select
    as_of_date as valid_from,
    as_of_date as valid_to

from {{ ref('int_as_of_date') }}

where as_of_date is null
