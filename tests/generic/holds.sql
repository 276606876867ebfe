{# The condition is true for every row: false and null both fail. #}
{% test holds(model, condition) %}

select *

from {{ model }}

where not coalesce({{ condition }}, false)

{% endtest %}
