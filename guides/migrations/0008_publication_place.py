
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0007_index_now'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='publication',
            name='publication_newest',
        ),
        migrations.AddField(
            model_name='publication',
            name='place',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(fields__topic='deciding', then=models.Value(0)), models.When(fields__topic='moving', then=models.Value(1)), models.When(fields__topic='interviewing', then=models.Value(2)), models.When(fields__topic='starting', then=models.Value(3))), output_field=models.PositiveSmallIntegerField(null=True)),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['guide', '-published_at', '-id', 'is_withdrawal', 'is_minor'], name='publication_newest'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['kind', 'place', 'guide', 'is_withdrawal'], name='publication_reading_order'),
        ),
    ]
