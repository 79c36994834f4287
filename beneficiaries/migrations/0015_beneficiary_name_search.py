import django.contrib.postgres.indexes
from django.db import migrations, models

# An index wants a function that never changes its mind: the dictionary is named, whatever the search path.
CREATE = """
CREATE FUNCTION beneficiaries_searched_name(first_name text, last_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        lower(public.unaccent('public.unaccent', first_name || ' ' || last_name)), '[^[:alnum:]]+', ' ', 'g'
    )
$$
"""
DROP = "DROP FUNCTION beneficiaries_searched_name(text, text)"


class Migration(migrations.Migration):
    """People are found by name whatever the accents, in spite of an error of typing."""

    dependencies = [("beneficiaries", "0014_complaints")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.AddIndex(
            model_name="beneficiary",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    models.Func(
                        "first_name",
                        "last_name",
                        function="beneficiaries_searched_name",
                        output_field=models.TextField(),
                    ),
                    name="gin_trgm_ops",
                ),
                name="beneficiary_name_trgm",
            ),
        ),
    ]
