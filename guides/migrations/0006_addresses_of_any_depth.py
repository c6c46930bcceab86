from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("guides", "0005_uploaded_pictures"),
    ]

    operations = [
        migrations.RenameField(model_name="missedaddress", old_name="slug", new_name="path"),
        migrations.AlterField(
            model_name="missedaddress",
            name="path",
            field=models.CharField(max_length=200, unique=True, verbose_name="address"),
        ),
        migrations.AlterModelOptions(
            name="missedaddress",
            options={
                "ordering": ["-hits", "path"],
                "verbose_name": "address that leads nowhere",
                "verbose_name_plural": "addresses that lead nowhere",
            },
        ),
        migrations.AlterField(
            model_name="slugredirect",
            name="old_slug",
            field=models.CharField(
                help_text="A path of this site, for example /old-slug/ or /blog/an-old-post.html.",
                max_length=200,
                unique=True,
                verbose_name="former address",
            ),
        ),
        migrations.AlterField(
            model_name="guide",
            name="body",
            field=models.TextField(blank=True, help_text="Markdown, headings from ##."),
        ),
        migrations.AlterModelOptions(
            name="slugredirect",
            options={"ordering": ["old_slug"], "verbose_name": "redirect"},
        ),
    ]
