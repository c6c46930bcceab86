"""The sections that search finds, and the full-text index over them, kept by the database itself.

On SQLite an FTS5 table takes its text from guides_searchsection and triggers keep it in step. A later migration
that alters guides_searchsection makes SQLite build the table anew, without triggers: it must make them again.
On PostgreSQL the search vector is a generated column.
"""

import django.db.models.deletion
from django.db import migrations, models

from guides.search.folding import PAIRS

SQLITE = [
    "CREATE VIRTUAL TABLE guides_searchindex USING fts5(title, heading, text, content='guides_searchsection', "
    "content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE TRIGGER guides_searchsection_added AFTER INSERT ON guides_searchsection BEGIN "
    "INSERT INTO guides_searchindex(rowid, title, heading, text) "
    "VALUES (new.id, new.title, new.heading, new.text); END",
    "CREATE TRIGGER guides_searchsection_removed AFTER DELETE ON guides_searchsection BEGIN "
    "INSERT INTO guides_searchindex(guides_searchindex, rowid, title, heading, text) "
    "VALUES ('delete', old.id, old.title, old.heading, old.text); END",
    "CREATE TRIGGER guides_searchsection_changed AFTER UPDATE ON guides_searchsection BEGIN "
    "INSERT INTO guides_searchindex(guides_searchindex, rowid, title, heading, text) "
    "VALUES ('delete', old.id, old.title, old.heading, old.text); "
    "INSERT INTO guides_searchindex(rowid, title, heading, text) "
    "VALUES (new.id, new.title, new.heading, new.text); END",
]
SQLITE_BACK = [
    "DROP TRIGGER guides_searchsection_added",
    "DROP TRIGGER guides_searchsection_removed",
    "DROP TRIGGER guides_searchsection_changed",
    "DROP TABLE guides_searchindex",
]


def _literal(characters):
    return "'" + "".join(characters).replace("'", "''") + "'"


POSTGRESQL = [
    # The English dictionary without its stop words, so that a phrase holds every word that was typed.
    "CREATE TEXT SEARCH DICTIONARY guides_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION guides_english (COPY = english)",
    "ALTER TEXT SEARCH CONFIGURATION guides_english ALTER MAPPING REPLACE english_stem WITH guides_stem",
    "CREATE FUNCTION guides_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
    f"$fold$ SELECT translate($1, {_literal(PAIRS)}, {_literal(PAIRS.values())}) $fold$",
    "ALTER TABLE guides_searchsection ADD COLUMN vector tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('guides_english', guides_fold(title)), 'A') || "
    "setweight(to_tsvector('guides_english', guides_fold(heading)), 'B') || "
    "setweight(to_tsvector('guides_english', guides_fold(text)), 'D')) STORED",
    "CREATE INDEX guides_searchsection_vector ON guides_searchsection USING gin (vector)",
]
POSTGRESQL_BACK = [
    "ALTER TABLE guides_searchsection DROP COLUMN vector",
    "DROP FUNCTION guides_fold(text)",
    "DROP TEXT SEARCH CONFIGURATION guides_english",
    "DROP TEXT SEARCH DICTIONARY guides_stem",
]


def _run(sqlite, postgresql):
    def run(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        for statement in {"sqlite": sqlite, "postgresql": postgresql}[vendor]:
            schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0003_site_version'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('anchor', models.TextField(blank=True)),
                ('title', models.TextField()),
                ('heading', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_sections', to='guides.publication')),
            ],
            options={
                'ordering': ['publication', 'position'],
                'constraints': [models.UniqueConstraint(fields=('publication', 'position'), name='search_section_position')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('length', models.PositiveSmallIntegerField(db_index=True)),
            ],
        ),
        migrations.RunPython(_run(SQLITE, POSTGRESQL), _run(SQLITE_BACK, POSTGRESQL_BACK)),
    ]
