{# The columns tell every row apart, and none of them is null. #}
{% test has_grain(model, columns) %}

select {{ columns | join(', ') }}

from {{ model }}

group by {{ columns | join(', ') }}

having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}

{% endtest %}
