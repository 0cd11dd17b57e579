"""HTML reports become the words that a reader sees, and nothing that a reader does not see."""

import pytest

from plainrad.errors import AttachmentError
from plainrad.formats.html import html_text


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>No   fracture.</p><p>Normal.</p>", "No fracture.\n\nNormal.\n"),
        ("<div>a</div><div>b<br>c</div>", "a\nb\nc\n"),
        ("no <b>pneumo</b>thorax", "no pneumothorax\n"),
        ("<ol><li>One</li><li>Two</li></ol>", "1. One\n2. Two\n"),
        ('<ol start="3"><li>A</li><li value="7">B</li><li>C</li></ol>', "3. A\n7. B\n8. C\n"),
        ("<ul><li>One<ul><li>Inner</li></ul></li></ul>", "- One\n- Inner\n"),
        ("<table><tr><td>Liver</td><td>normal</td></tr><tr><td>Spleen</td><td>large</td></tr></table>", "Liver\tnormal\nSpleen\tlarge\n"),
        ("<pre>a\n  b</pre>", "a\n  b\n"),
        ("5 &lt; 6 &amp; 12&nbsp;mm", "5 < 6 & 12\u00a0mm\n"),
        ("10<sup>3</sup> mm<sup>2</sup> L<sub>2</sub>", "10\u00b3 mm\u00b2 L2\n"),
        ("<head><title>x</title><style>p{color:red}</style></head><script>x</script>a", "a\n"),
        ("<!-- not said -->said", "said\n"),
        ('<p style="justify-content: center; font-size: 0.9em">a</p>', "a\n"),
        ("a</div></p>b<p>c", "a\n\nb\n\nc\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_words_are_those_that_are_seen(page: str, words: str) -> None:
    assert html_text(page) == words


@pytest.mark.parametrize(
    "page",
    [
        "<del>mass</del>", "<s>mass</s>", "<strike>mass</strike>", '<span style="text-decoration: line-through">mass</span>',
        '<p style="display:none">mass</p>', "<p hidden>mass</p>", '<p style="visibility: hidden">x</p>', '<p style="font-size:0">x</p>',
        '<p style="opacity: 0">x</p>', "<style>.x{display:none}</style><p class=x>mass</p>", "<style>p::before{content:'no '}</style>",
        "<svg><text>mass</text></svg>", "<iframe src=x></iframe>", "<textarea>x</textarea>", "<object>x</object>", "<div>" * 501,
    ],
)  # fmt: skip
def test_what_is_hidden_or_struck_out_is_refused(page: str) -> None:
    with pytest.raises(AttachmentError):
        html_text(page)
