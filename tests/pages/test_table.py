from pages.ui.widgets.table import Cell, Markup, Row, scrollable, table


def test_headers_have_a_scope_and_rows_and_cells_their_classes():
    html = table(
        ["Name", "Size"], [Row([Cell("a", header=True), Cell("1", css="wb-number")], css="wb-changed")], css="t"
    )
    assert html == (
        '<table class="t"><thead><tr><th scope="col">Name</th><th scope="col">Size</th></tr></thead>'
        '<tbody><tr class="wb-changed"><th scope="row">a</th><td class="wb-number">1</td></tr></tbody></table>'
    )


def test_text_is_escaped_and_markup_is_not():
    evil = "<b onclick='x'>\"&"
    html = table([evil], [[Cell(evil, css=evil, header=True), Markup("<code>1</code>")]], caption=evil, css=evil)
    html += scrollable(html, css="s", label=evil)
    assert "<b" not in html
    assert "<td><code>1</code></td>" in html


def test_a_table_without_heads_has_no_header_row():
    assert table([], [["1"]]) == "<table><tbody><tr><td>1</td></tr></tbody></table>"
