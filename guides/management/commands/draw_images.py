"""Draws the raster crops of every guide's opening drawing that search engines and link previews ask for.

Run by developers when a drawing changes (`make images`); the results are committed, so that no server needs a browser.
"""

import io
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from PIL import Image

from guides import drawings
from guides.document import parse
from guides.page_parts import CROPS

PAGE = """<!doctype html><style>{tokens} html {{ color-scheme: light }} body {{ margin: 0; background: #e3ece6 }}
svg {{ display: block; width: 100vw; height: 100vh }}</style>{svg}"""


class Command(BaseCommand):
    help = "Draw content/images/<drawing>-<crop>.png for every guide's hero (needs the development packages)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from playwright.sync_api import sync_playwright
        except ImportError as error:
            raise CommandError("Drawing needs the development packages: run `make images`.") from error
        tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
        folder = Path(settings.CONTENT_DIR) / "images"
        folder.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for drawing in self.heroes():
                for crop, (width, height) in CROPS.items():
                    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
                    page.set_content(PAGE.format(tokens=tokens, svg=drawings.inline_svg(drawing, "")))
                    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(128)
                    image.save(folder / f"{drawing.removesuffix('.svg')}-{crop}.png", optimize=True)
                    page.close()
                self.stdout.write(f"drew {drawing}")
            browser.close()

    def heroes(self) -> list[str]:
        """The drawings that open a guide."""
        found = set()
        for path in (Path(settings.CONTENT_DIR) / "guides").glob("*.md"):
            document = parse(path.read_text(encoding="utf-8"))
            found |= {one.drawing for one in document.figures if one.name == document.hero and one.drawing}
        return sorted(found)
