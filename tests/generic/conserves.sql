{# A total survives the step: the sum here equals the sum there (to within `tolerance`). #}
{% test conserves(model, expression, of, of_expression=none, where='true', of_where='true', tolerance=0) %}

with

here as (

    select coalesce(sum({{ expression }}), 0) as total from {{ model }}

    where {{ where }}

),

there as (

    select coalesce(sum({{ of_expression or expression }}), 0) as total from {{ of }}

    where {{ of_where }}

)

select
    here.total as total_here,
    there.total as total_there

from here
cross join there

where abs(here.total - there.total) > {{ tolerance }}

{% endtest %}
